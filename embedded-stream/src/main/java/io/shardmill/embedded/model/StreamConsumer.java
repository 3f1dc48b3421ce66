package io.shardmill.embedded.model;

import java.time.Instant;
import java.util.SortedMap;

/**
 * Describes a registered consumer of a stream, as for enhanced fan-out. It reads when it subscribes.
 *
 * @param arn the stream's, {@code /consumer/}, the name, a colon, and the second of its creation
 * @param created to the millisecond
 */
public record StreamConsumer(
        String name, String arn, String streamArn, Instant created, SortedMap<String, String> tags) {

    public StreamConsumer {
        tags = Tags.copyOf(tags);
    }
}
