package io.shardmill.embedded;

import java.util.Map;
import java.util.SortedMap;

/** What is stored of a registered consumer. */
record ConsumerMeta(String name, long createdMillis, SortedMap<String, String> tags) {

    ConsumerMeta {
        tags = Tags.copyOf(tags);
    }

    long createdSecond() {
        return Math.floorDiv(createdMillis, 1000L);
    }

    ConsumerMeta withTags(Map<String, String> changed) {
        return new ConsumerMeta(name, createdMillis, Tags.copyOf(changed));
    }
}
