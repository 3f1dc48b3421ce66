package io.shardmill.poller.internal.lease;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Divides the shards of all mappings among the members that can take them, within one of even, with as few moves as that needs.
 * The same members and shards give the same result in every process.
 */
final class Balance {

    private static final Comparator<ShardOwnership> ORDER = Comparator.comparing(
                    (ShardOwnership shard) -> shard.mapping().mapping())
            .thenComparing(shard -> shard.mapping().stream())
            .thenComparing(shard -> shard.mapping().incarnation())
            .thenComparing(ShardOwnership::shard);

    /** What a member is to have, by mapping. */
    private static final class Load {

        private final MemberRow member;
        private final Map<MappingKey, TreeSet<ShardOwnership>> shards = new HashMap<>();
        private int size;

        Load(MemberRow member) {
            this.member = member;
        }

        void add(ShardOwnership shard) {
            shards.computeIfAbsent(shard.mapping(), missing -> new TreeSet<>(this::givesLater))
                    .add(shard);
            size++;
        }

        /** Shards of which the member is not the owner yet are given away first. */
        private int givesLater(ShardOwnership one, ShardOwnership other) {
            int byOwner = Boolean.compare(isOwn(one), isOwn(other));
            return byOwner != 0 ? byOwner : ORDER.reversed().compare(one, other);
        }

        private boolean isOwn(ShardOwnership shard) {
            return member.id().equals(shard.owner());
        }

        /** Returns the shard to give to the other one, or null if that can take none of these. */
        @Nullable
        ShardOwnership forOther(Load other) {
            return shards.entrySet().stream()
                    .filter(held -> !held.getValue().isEmpty() && other.member.canTake(held.getKey()))
                    .map(held -> held.getValue().first())
                    .min(this::givesLater)
                    .orElse(null);
        }

        void remove(ShardOwnership shard) {
            shards.getOrDefault(shard.mapping(), new TreeSet<>(ORDER)).remove(shard);
            size--;
        }
    }

    private final List<Load> loads;

    private Balance(List<MemberRow> members) {
        this.loads = members.stream()
                .sorted(Comparator.comparing(MemberRow::id))
                .map(Load::new)
                .toList();
    }

    /**
     * Returns the id of the member that is to have each shard; shards that no member can take are left out.
     *
     * @param members the living ones
     * @param shards those that can be consumed now
     */
    static Map<ShardOwnership, String> of(List<MemberRow> members, List<ShardOwnership> shards) {
        Balance balance = new Balance(members);
        List<ShardOwnership> free = new ArrayList<>();
        for (ShardOwnership shard : shards.stream().sorted(ORDER).toList()) {
            Load owner = balance.owner(shard);
            if (owner == null) {
                free.add(shard);
            } else {
                owner.add(shard);
            }
        }
        free.forEach(balance::give);
        while (balance.move()) {}
        return balance.result();
    }

    private @Nullable Load owner(ShardOwnership shard) {
        return loads.stream()
                .filter(load -> load.isOwn(shard) && load.member.canTake(shard.mapping()))
                .findFirst()
                .orElse(null);
    }

    private void give(ShardOwnership shard) {
        loads.stream()
                .filter(load -> load.member.canTake(shard.mapping()))
                .min(Comparator.comparingInt((Load load) -> load.size)
                        .thenComparingInt(load -> hash(shard.mapping(), load.member)))
                .ifPresent(load -> load.add(shard));
    }

    /** So that a hundred mappings of one shard don't all go to the same member. */
    private static int hash(MappingKey mapping, MemberRow member) {
        return Objects.hash(mapping.mapping(), mapping.stream(), member.id()) * 0x9E3779B9;
    }

    /** Takes a shard from a member that has two more than another one, perhaps by way of third ones; false if there is none. */
    private boolean move() {
        List<Load> heaviest = loads.stream()
                .sorted(Comparator.comparingInt((Load load) -> load.size).reversed())
                .toList();
        return heaviest.stream().anyMatch(this::moveFrom);
    }

    private boolean moveFrom(Load heavy) {
        Map<Load, Load> reachedFrom = new HashMap<>();
        reachedFrom.put(heavy, heavy);
        Deque<Load> queue = new ArrayDeque<>(List.of(heavy));
        while (!queue.isEmpty()) {
            Load from = queue.remove();
            for (Load to : loads) {
                if (!reachedFrom.containsKey(to) && from.forOther(to) != null) {
                    reachedFrom.put(to, from);
                    if (to.size <= heavy.size - 2) {
                        moveAlong(reachedFrom, heavy, to);
                        return true;
                    }
                    queue.add(to);
                }
            }
        }
        return false;
    }

    private static void moveAlong(Map<Load, Load> reachedFrom, Load heavy, Load light) {
        Load to = light;
        while (to != heavy) {
            Load from = Objects.requireNonNull(reachedFrom.get(to));
            ShardOwnership shard = Objects.requireNonNull(from.forOther(to));
            from.remove(shard);
            to.add(shard);
            to = from;
        }
    }

    private Map<ShardOwnership, String> result() {
        Map<ShardOwnership, String> result = new TreeMap<>(ORDER);
        for (Load load : loads) {
            load.shards.values().forEach(shards -> shards.forEach(shard -> result.put(shard, load.member.id())));
        }
        return result;
    }
}
