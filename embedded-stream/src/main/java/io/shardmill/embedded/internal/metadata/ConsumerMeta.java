package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.model.Tags;
import java.util.Map;
import java.util.SortedMap;

/** Describes a registered consumer as stored. */
public record ConsumerMeta(String name, long createdMillis, SortedMap<String, String> tags) {

    public ConsumerMeta {
        tags = Tags.copyOf(tags);
    }

    public long createdSecond() {
        return Math.floorDiv(createdMillis, 1000L);
    }

    public ConsumerMeta withTags(Map<String, String> changed) {
        return new ConsumerMeta(name, createdMillis, Tags.copyOf(changed));
    }
}
