package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import java.util.Map;

/** The actions that carry records, by their names. */
final class DataActions {

    private DataActions() {}

    static Map<String, Action> of(EmbeddedStreams streams, KinesisSettings settings) {
        return Map.of();
    }
}
