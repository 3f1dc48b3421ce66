package io.shardmill.poller.internal.lease;

import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.assignment.ReplicaStatus;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import io.shardmill.poller.checkpoint.MemberRow;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The members as this process has seen them last, and whether it drains. Thread-safe. */
final class LeaseGroup implements ReplicaGroup {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseGroup.class);

    /** @param time by the steady clock */
    private record Seen(List<Member> members, long time) {}

    private final Membership membership;
    private final LeaseTimes times;
    private final InstantSource clock;
    private final Runnable lookSoon;
    private final Draining draining = new Draining();
    private volatile @Nullable Seen seen;

    /** Touched by the looking thread only. */
    private boolean isEveryoneDraining;

    /** @param lookSoon makes this process read the other members, and write its own row */
    LeaseGroup(Membership membership, LeaseTimes times, InstantSource clock, Runnable lookSoon) {
        this.membership = membership;
        this.times = times;
        this.clock = clock;
        this.lookSoon = lookSoon;
    }

    @Override
    public ReplicaStatus status() {
        Seen last = seen;
        long age = membership.heartbeatAgeMillis();
        return new ReplicaStatus(
                membership.id(),
                age,
                age >= times.certainMillis(),
                draining.isWanted(),
                last == null ? null : (Long) (clock.millis() - last.time()),
                last == null ? List.of() : last.members());
    }

    @Override
    public CompletableFuture<Void> drain() {
        return ask(
                true,
                "This process drains: it gives up its shards, and takes none until it is resumed or started again");
    }

    @Override
    public CompletableFuture<Void> resume() {
        return ask(false, "This process is resumed: it takes its part of the shards");
    }

    /** A process without mappings is no member yet, and has nothing to give up. */
    private CompletableFuture<Void> ask(boolean toDrain, String news) {
        if (toDrain != draining.isWanted()) {
            LOG.info(news);
        }
        CompletableFuture<Void> reached = draining.ask(toDrain);
        if (!membership.isRunning()) {
            draining.seen(toDrain, 0);
        }
        lookSoon.run();
        return reached;
    }

    boolean isToDrain() {
        return draining.isWanted();
    }

    /** Notes the members that were read, and the row that this process has written. */
    void see(MemberRow own, Division division) {
        seen = new Seen(division.members(), clock.millis());
        boolean isEveryone = status().isEveryoneDraining();
        if (isEveryone && !isEveryoneDraining) {
            LOG.warn(
                    "All replicas are draining: nothing is consumed until one of them is resumed, or another one is started");
        }
        isEveryoneDraining = isEveryone;
        draining.seen(own.isDraining(), division.owned(own.id()));
    }

    /** This process has left the group. */
    void left() {
        draining.end();
        seen = null;
    }
}
