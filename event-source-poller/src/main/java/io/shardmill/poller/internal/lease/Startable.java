package io.shardmill.poller.internal.lease;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the shards that can be consumed now. */
final class Startable {

    private record Place(MappingKey mapping, String shard) {}

    private Startable() {}

    /** Returns those of which no parent is unfinished: children wait for their parents, and count for nobody. */
    static List<ShardOwnership> of(List<ShardOwnership> unfinished) {
        Set<Place> places = new HashSet<>();
        unfinished.forEach(shard -> places.add(new Place(shard.mapping(), shard.shard())));
        return unfinished.stream()
                .filter(shard -> shard.parents().stream()
                        .noneMatch(parent -> places.contains(new Place(shard.mapping(), parent))))
                .toList();
    }
}
