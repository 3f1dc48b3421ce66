package io.shardmill.poller.internal.lease;

import io.shardmill.poller.checkpoint.MemberRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds members that are dead: the version of one has not changed for its time to live, throughout which this process could see
 * it. Only the observer's own steady clock counts; no clock is compared with another one. Not thread-safe.
 */
final class Liveness {

    /** @param since when this process first saw the version, in milliseconds */
    private record Seen(long version, long since) {}

    private final long longestGapMillis;
    private final Map<String, Seen> seen = new HashMap<>();
    private long lastLook = Long.MIN_VALUE;

    /** @param longestGapMillis after a longer time without a look nothing is known: neither were heartbeats possible, perhaps */
    Liveness(long longestGapMillis) {
        this.longestGapMillis = longestGapMillis;
    }

    /** Forgets what was seen: the database did not answer. */
    void interrupted() {
        seen.clear();
    }

    /**
     * Looks at the members.
     *
     * @return the dead ones
     */
    List<MemberRow> dead(List<MemberRow> members, long now) {
        if (lastLook != Long.MIN_VALUE && now - lastLook > longestGapMillis) {
            interrupted();
        }
        lastLook = now;
        Map<String, Seen> before = Map.copyOf(seen);
        seen.clear();
        List<MemberRow> dead = new ArrayList<>();
        for (MemberRow member : members) {
            Seen last = before.get(member.id());
            Seen current = last != null && last.version() == member.version() ? last : new Seen(member.version(), now);
            seen.put(member.id(), current);
            if (now - current.since() >= member.timeToLiveMillis()) {
                dead.add(member);
            }
        }
        return dead;
    }
}
