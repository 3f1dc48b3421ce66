package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import java.util.Map;

/** The actions on streams, shards and consumers, by their names. */
final class ControlActions {

    private ControlActions() {}

    static Map<String, Action.OfMembers> of(EmbeddedStreams streams) {
        return Map.of("ListStreams", new ListStreams(streams));
    }
}
