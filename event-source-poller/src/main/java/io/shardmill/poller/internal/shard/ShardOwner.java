package io.shardmill.poller.internal.shard;

import io.shardmill.poller.monitoring.ShardStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The owner of a shard of a mapping: reads it, feeds its lanes, keeps what is finished. Everything mutable of it and its parts is
 * touched only inside {@link #turn}, which never blocks; the rest of the world posts messages.
 */
final class ShardOwner implements ShardTurns.Owner<ShardMessage> {

    private static final long STALLED_LOOK_MILLIS = 500;

    private final String shard;
    private final String owner;
    private final EnginePorts engine;
    private final ShardConsumer consumer;
    private final ShardParts parts;
    private final Runnable postAlarm;
    private long alarm = Long.MAX_VALUE;

    /** @param consumer the owner's own mailbox, for what comes back later */
    ShardOwner(
            ShardAssignment assignment,
            MappingPorts mapping,
            EnginePorts engine,
            Consumer<ShardEnd> over,
            ShardConsumer consumer) {
        this.shard = assignment.shard().id();
        this.owner = assignment.owner();
        this.engine = engine;
        this.consumer = consumer;
        this.postAlarm = () -> consumer.post(ShardMessage.ALARM);
        this.parts = ShardParts.of(assignment, mapping, engine, consumer, over);
    }

    /** For messages, inside a turn. */
    ShardParts parts() {
        return parts;
    }

    @Override
    public List<ShardTurns.Work<ShardMessage>> turn(List<ShardMessage> messages) {
        for (ShardMessage message : messages) {
            try {
                message.on(this);
            } catch (RuntimeException | Error fault) {
                parts.completion().crash(fault);
            }
        }
        List<ShardTurns.Work<ShardMessage>> work = List.of();
        try {
            if (!parts.completion().isOver()) {
                work = new ArrayList<>(parts.lanes().count());
                advance(work);
                parts.completion().settle();
            }
        } catch (RuntimeException | Error fault) {
            parts.completion().crash(fault);
        }
        giveBackUnused();
        return work;
    }

    private void giveBackUnused() {
        try {
            parts.runner().giveBackUnused();
        } finally {
            parts.fetcher().held().giveBackUnused();
        }
    }

    private void advance(List<ShardTurns.Work<ShardMessage>> work) {
        if (!parts.completion().isRunning()) {
            return;
        }
        ShardFetcher fetcher = parts.fetcher();
        Lanes lanes = parts.lanes();
        long now = now();
        if (engine.checkpoints().isStalled()) {
            engine.checkpoints().schedule();
            wakeAt(now + STALLED_LOOK_MILLIS);
            return;
        }
        if (!engine.mayInvoke().test(owner)) {
            wakeAt(now + STALLED_LOOK_MILLIS);
            return;
        }
        do {
            if (!fetcher.fetch(now, () -> lanes.wantRecords(now))) {
                consumer.wake();
            }
            if (fetcher.isGone()) {
                parts.completion().streamGone();
                return;
            }
        } while (lanes.advance(parts.runner(), now, work));
        lanes.rotate();
        wakeAt(Math.min(fetcher.due(), lanes.due()));
    }

    private void wakeAt(long due) {
        if (due < alarm) {
            engine.timer().at(due, postAlarm);
            alarm = due;
        }
    }

    void onAlarm() {
        alarm = Long.MAX_VALUE;
    }

    void onWake() {
        consumer.woken();
        parts.fetcher().wake();
    }

    void onReturned(LaneCall<?> call) {
        parts.runner().returned(call, now());
    }

    /** Always answers; a failure here must not stop the shard. */
    ShardStatus status() {
        try {
            return parts.status(shard, now());
        } catch (RuntimeException | Error fault) {
            String problem = "status unknown after a fault in the engine ("
                    + fault.getClass().getName() + ")";
            return new ShardStatus(
                    shard,
                    parts.checkpoint().position(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    0,
                    false,
                    problem,
                    null,
                    List.of());
        }
    }

    private long now() {
        return engine.clock().millis();
    }
}
