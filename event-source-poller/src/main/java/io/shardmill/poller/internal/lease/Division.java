package io.shardmill.poller.internal.lease;

import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who owns which shards, and who is to. Immutable. */
final class Division {

    private final Set<String> members;
    private final Map<MappingKey, List<ShardOwnership>> shards;
    private final Map<ShardOwnership, String> target;

    private Division(
            Set<String> members, Map<MappingKey, List<ShardOwnership>> shards, Map<ShardOwnership, String> target) {
        this.members = members;
        this.shards = shards;
        this.target = target;
    }

    /**
     * Divides shards.
     *
     * @param members the living ones
     * @param unfinished of which some may wait for their parents
     */
    static Division of(List<MemberRow> members, List<ShardOwnership> unfinished) {
        return new Division(
                members.stream().map(MemberRow::id).collect(Collectors.toSet()),
                unfinished.stream().collect(Collectors.groupingBy(ShardOwnership::mapping)),
                Balance.of(members, Startable.of(unfinished)));
    }

    boolean hasMember(String id) {
        return members.contains(id);
    }

    /** Returns whether shards are on their way from one process to another. */
    boolean isInMotion() {
        return target.entrySet().stream()
                .anyMatch(shard -> !shard.getValue().equals(shard.getKey().owner()));
    }

    /** Returns the member's share of a mapping's shards. */
    Share share(String id, MappingKey mapping) {
        Map<String, Long> free = new HashMap<>();
        Set<String> assigned = new HashSet<>();
        Set<String> handOver = new HashSet<>();
        Map<String, String> elsewhere = new HashMap<>();
        for (ShardOwnership shard : shards.getOrDefault(mapping, List.of())) {
            @Nullable String owner = shard.owner();
            @Nullable String to = target.get(shard);
            if (owner != null && !owner.equals(id) && members.contains(owner)) {
                elsewhere.put(shard.shard(), owner);
                continue;
            }
            free.put(shard.shard(), shard.epoch());
            if (id.equals(to)) {
                assigned.add(shard.shard());
            } else if (id.equals(owner) && to != null) {
                handOver.add(shard.shard());
            }
        }
        return new Share(id, true, free, assigned, handOver, elsewhere);
    }
}
