package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stream that a mapping reads, as it was listed last.
 *
 * @param predecessor what it is to the mapping's own stream; null if it is that itself
 */
record KnownStream(
        MappingKey key,
        StreamSource source,
        StreamDescription listing,
        @Nullable Predecessor predecessor) {

    boolean hasSuccessor() {
        return predecessor != null;
    }

    /** Returns the group in which processes share the stream by its own protocol, or null. */
    @Nullable
    String group() {
        return source.group().map(ShardGroup::name).orElse(null);
    }

    /** Returns the shards that its own group has assigned to other processes, as far as that is known. */
    Set<String> assignedElsewhere(Share share) {
        Set<String> assigned = share.assigned();
        if (group() == null || assigned == null || !share.isKnown() || share.isDraining()) {
            return Set.of();
        }
        return listing.shards().stream()
                .map(ShardDescription::id)
                .filter(shard -> !assigned.contains(shard))
                .collect(Collectors.toSet());
    }
}
