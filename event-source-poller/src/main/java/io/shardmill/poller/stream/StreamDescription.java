package io.shardmill.poller.stream;

import java.util.List;

/**
 * What a stream says of itself.
 *
 * @param incarnation differs for a stream that was deleted and created again under its name
 * @param shards all that still keep records, open or closed, oldest first
 */
public record StreamDescription(String incarnation, List<ShardDescription> shards) {

    public StreamDescription {
        shards = List.copyOf(shards);
    }

    /**
     * One shard.
     *
     * @param parents none, the shard it was split from, or the two it was merged from; possibly no longer listed
     */
    public record ShardDescription(String id, List<String> parents) {

        public ShardDescription {
            parents = List.copyOf(parents);
        }
    }
}
