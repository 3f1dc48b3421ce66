package io.shardmill.poller.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a shard that is not finished.
 *
 * @param owner null if nobody does
 * @param parents as the row keeps them
 */
public record ShardOwnership(
        MappingKey mapping, String shard, @Nullable String owner, long epoch, List<String> parents) {

    public ShardOwnership {
        parents = List.copyOf(parents);
    }
}
