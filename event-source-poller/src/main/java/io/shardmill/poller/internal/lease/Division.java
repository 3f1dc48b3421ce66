package io.shardmill.poller.internal.lease;

import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who owns which shards, and who is to. Immutable. */
final class Division {

    private final Map<String, MemberRow> members;
    private final Map<MappingKey, List<ShardOwnership>> shards;
    private final Map<ShardOwnership, String> target;

    private Division(
            Map<String, MemberRow> members,
            Map<MappingKey, List<ShardOwnership>> shards,
            Map<ShardOwnership, String> target) {
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
        Map<String, MemberRow> byId = new TreeMap<>();
        members.forEach(member -> byId.put(member.id(), member));
        return new Division(
                byId,
                unfinished.stream().collect(Collectors.groupingBy(ShardOwnership::mapping)),
                Balance.of(members, Startable.of(unfinished)));
    }

    /** Returns the living member of this id, or null. */
    @Nullable
    MemberRow member(String id) {
        return members.get(id);
    }

    /** Returns the living members with what they own. */
    List<Member> members() {
        return members.values().stream()
                .map(member -> new Member(member.id(), owned(member.id()), member.isDraining()))
                .toList();
    }

    /** Returns how many shards the member owns. */
    int owned(String id) {
        return (int) all().filter(shard -> id.equals(shard.owner())).count();
    }

    /** Returns whether shards are on their way from one process to another, or away from one that is draining. */
    boolean isInMotion() {
        return target.entrySet().stream()
                        .anyMatch(
                                shard -> !shard.getValue().equals(shard.getKey().owner()))
                || all().anyMatch(shard -> isDraining(shard.owner()));
    }

    private Stream<ShardOwnership> all() {
        return shards.values().stream().flatMap(List::stream);
    }

    private boolean isDraining(@Nullable String id) {
        MemberRow member = id == null ? null : members.get(id);
        return member != null && member.isDraining();
    }

    /**
     * Returns the member's share of a mapping's shards.
     *
     * @param before its share when it looked last: who had a shard that nobody has now
     */
    Share share(String id, MappingKey mapping, Share before) {
        Map<String, Share.Free> free = new HashMap<>();
        Set<String> assigned = new HashSet<>();
        Set<String> handOver = new HashSet<>();
        Map<String, String> elsewhere = new HashMap<>();
        for (ShardOwnership shard : shards.getOrDefault(mapping, List.of())) {
            @Nullable String owner = shard.owner();
            @Nullable String to = target.get(shard);
            if (owner != null && !owner.equals(id) && members.containsKey(owner)) {
                elsewhere.put(shard.shard(), owner);
                continue;
            }
            free.put(shard.shard(), new Share.Free(shard.epoch(), acquisition(id, shard, before)));
            if (id.equals(to)) {
                assigned.add(shard.shard());
            } else if (id.equals(owner) && (to != null || isDraining(id))) {
                handOver.add(shard.shard());
            }
        }
        return new Share(id, true, isDraining(id), free, assigned, handOver, elsewhere);
    }

    private Acquisition acquisition(String id, ShardOwnership shard, Share before) {
        String owner = shard.owner();
        if (owner != null) {
            return owner.equals(id)
                    ? Acquisition.of(Acquisition.Kind.KEPT)
                    : new Acquisition(Acquisition.Kind.TAKEN_OVER, owner);
        }
        if (shard.epoch() == 0) {
            return Acquisition.of(Acquisition.Kind.FIRST);
        }
        String last = before.elsewhere().get(shard.shard());
        if (last != null) {
            return new Acquisition(
                    members.containsKey(last) ? Acquisition.Kind.HANDED_OVER : Acquisition.Kind.RELEASED, last);
        }
        Acquisition known = before.acquisition(shard.shard());
        return known != null && Objects.equals(before.epoch(shard.shard()), shard.epoch())
                ? known
                : Acquisition.of(Acquisition.Kind.RELEASED);
    }
}
