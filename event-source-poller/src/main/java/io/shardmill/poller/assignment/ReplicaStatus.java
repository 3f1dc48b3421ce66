package io.shardmill.poller.assignment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This process among those that share shards.
 *
 * @param id under which it owns shards; another one after it was taken for dead
 * @param heartbeatAgeMillis how long ago the last heartbeat that succeeded was sent; as long as none has, how long it is tried
 * @param isFencedOff whether that is so long that other processes may have taken this one for dead: it invokes nothing
 * @param isDraining whether it is to have no shards
 * @param seenMillisAgo how long ago the other processes were seen; null if they were not yet
 * @param members the living processes as they were seen then, with this one
 */
public record ReplicaStatus(
        String id,
        long heartbeatAgeMillis,
        boolean isFencedOff,
        boolean isDraining,
        @Nullable Long seenMillisAgo,
        List<Member> members) {

    public ReplicaStatus {
        members = List.copyOf(members);
    }

    /**
     * A living process.
     *
     * @param shards how many unfinished shards it owns, of all mappings
     */
    public record Member(String id, int shards, boolean isDraining) {}

    /** Returns the other living processes. */
    public List<Member> others() {
        return members.stream().filter(member -> !member.id().equals(id)).toList();
    }

    /** Returns how many shards this process owns. */
    public int shards() {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .mapToInt(Member::shards)
                .sum();
    }

    /** Returns whether nobody is left to consume anything. */
    public boolean isEveryoneDraining() {
        return !members.isEmpty() && members.stream().allMatch(Member::isDraining);
    }
}
