package io.shardmill.poller.shard;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.batch.FinishedRecords;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneHead;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.filter.RecordFilter;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a shard of a mapping: reads it, feeds its lanes, keeps what is finished. Everything mutable
 * here is touched only inside {@link #turn}, which never blocks; the rest of the world posts messages.
 *
 * <p>Life: running, until told to stop or its end is reached; then, when no invocation of its own runs any
 * more and its last state is saved, it is over and says so once.
 */
final class ShardOwner implements ShardTurns.Owner<ShardMessage> {

    private static final long STALLED_LOOK_MILLIS = 500;

    private final ShardAssignment assignment;
    private final MappingPorts mapping;
    private final EnginePorts engine;
    private final Consumer<ShardEnd> over;
    private final ShardConsumer consumer;
    private final Shard shard;
    private final FinishedRecords records;
    private final Intake intake;
    private final Lane[] lanes;
    private final LaneRunner runner;
    private final List<Runnable> whenDrained = new ArrayList<>();

    private int nextLane;
    private long alarm = Long.MAX_VALUE;
    private CheckpointUpdate offered;
    private CheckpointUpdate saved;

    /** Set when no new work is to begin; what it will say when it is over. */
    private @Nullable ShardEnd ending;

    private boolean leavesStuck;
    private boolean leavesUnsaved;
    private boolean isOver;

    /** @param consumer the owner's own mailbox, for what comes back later */
    ShardOwner(
            ShardAssignment assignment,
            MappingPorts mapping,
            EnginePorts engine,
            Consumer<ShardEnd> over,
            ShardConsumer consumer) {
        this.assignment = assignment;
        this.mapping = mapping;
        this.engine = engine;
        this.over = over;
        this.shard = assignment.shard();
        this.consumer = consumer;
        int factor = assignment.mapping().batching().parallelizationFactor();
        Progress restored = assignment.row().progress();
        this.records = new FinishedRecords(factor, restored);
        this.intake = new Intake(
                shard,
                mapping.source().open(shard.id(), assignment.row().position(), consumer::wake),
                records,
                filter(),
                assignment.mapping().batching(),
                new RecordMemory(
                        mapping.limits().memory().records(), () -> consumer.post(ShardMessage.RECORD_MEMORY_GRANTED)),
                mapping.observer());
        this.runner = new LaneRunner(assignment, mapping, intake, consumer::post, engine.requestIds());
        EventSize eventSize = new EventSize(mapping.origin(), shard.id());
        this.lanes = new Lane[factor];
        for (int number = 0; number < factor; number++) {
            lanes[number] = new Lane(number, assignment.mapping(), eventSize, records, restored.window());
        }
        boolean windowIsGone =
                restored.window() != null && !assignment.mapping().batching().hasTumblingWindow();
        for (LaneHead head : restored.heads()) {
            if (head.factor() == factor && !windowIsGone) {
                lanes[head.lane()].resume(head);
            }
        }
        this.offered = assignment.update(ShardState.READING, restored, false);
        this.saved = offered;
    }

    private @Nullable RecordFilter filter() {
        FilterCriteria criteria = assignment.mapping().filters();
        return criteria.isEmpty() ? null : RecordFilter.ofKinesis(mapping.origin(), criteria.patterns());
    }

    @Override
    public List<ShardTurns.Work<ShardMessage>> turn(List<ShardMessage> messages) {
        for (ShardMessage message : messages) {
            try {
                message.on(this);
            } catch (RuntimeException | Error fault) {
                crash(fault);
            }
        }
        List<ShardTurns.Work<ShardMessage>> work = List.of();
        try {
            if (!isOver) {
                work = new ArrayList<>(lanes.length);
                advance(work);
                settle();
            }
        } catch (RuntimeException | Error fault) {
            crash(fault);
        }
        giveBackUnused();
        return work;
    }

    private void giveBackUnused() {
        try {
            runner.giveBackUnused();
        } finally {
            intake.giveBackUnused();
        }
    }

    private void advance(List<ShardTurns.Work<ShardMessage>> work) {
        if (ending != null) {
            return;
        }
        long now = engine.clock().millis();
        if (engine.checkpoints().isStalled()) {
            wakeAt(now + STALLED_LOOK_MILLIS);
            return;
        }
        do {
            if (!intake.fill(now, () -> anyLaneWants(now))) {
                consumer.wake();
            }
            if (intake.isGone()) {
                ending = ShardEnd.GONE;
                return;
            }
        } while (advanceLanes(now, work));
        nextLane = (nextLane + 1) % lanes.length;
        wakeAt(Math.min(
                intake.due(), Arrays.stream(lanes).mapToLong(Lane::due).min().orElseThrow()));
    }

    /** Returns whether a lane got on without any work, so that it may want records and have more to do. */
    private boolean advanceLanes(long now, List<ShardTurns.Work<ShardMessage>> work) {
        boolean gotOn = false;
        for (int count = 0; count < lanes.length; count++) {
            Lane lane = lanes[(nextLane + count) % lanes.length];
            if (!lane.isBusy()) {
                gotOn |= runner.advance(lane, now, work);
            }
        }
        return gotOn;
    }

    private boolean anyLaneWants(long now) {
        for (Lane lane : lanes) {
            if (lane.wantsRecords(now)) {
                return true;
            }
        }
        return false;
    }

    /** Saves what has changed, and ends what has come to its end. */
    private void settle() {
        OpenWindow window = lanes[0].openWindow();
        boolean atEnd = ending == null && intake.isEnded() && intake.isEmpty() && window == null;
        ShardState state = atEnd ? ShardState.ENDED : ShardState.READING;
        Progress progress = records.progress(heads()).in(window);
        if ((offered.state() != state || !offered.progress().equals(progress)) && ending != ShardEnd.LOST) {
            offered = assignment.update(state, progress, isWindowStateUnsaved(progress));
            engine.checkpoints().offer(consumer, offered);
        }
        if (saved.equals(offered) && intake.isEmpty() && intake.isCaughtUp() && !lanes[0].isClosingWindow()) {
            whenDrained.forEach(Runnable::run);
            whenDrained.clear();
        }
        ShardEnd next = atEnd ? ShardEnd.ENDED : ending;
        boolean savesFirst = next == ShardEnd.ENDED || (next == ShardEnd.STOPPED && !leavesUnsaved);
        if (next != null && !isWaiting() && (saved.equals(offered) || !savesFirst)) {
            end(next);
        }
    }

    /** Whether the row may have another state of the window than this. */
    private boolean isWindowStateUnsaved(Progress progress) {
        boolean isEarlierUnsaved = !saved.equals(offered) && offered.windowStateChanged();
        return isEarlierUnsaved || !Objects.equals(saved.progress().windowState(), progress.windowState());
    }

    /** Whether a call is in flight that it does not end without. */
    private boolean isWaiting() {
        return runner.isBusy()
                && !(leavesStuck && Arrays.stream(lanes).allMatch(lane -> !lane.isBusy() || lane.isStuck()));
    }

    private List<LaneHead> heads() {
        List<LaneHead> heads = new ArrayList<>();
        for (Lane lane : lanes) {
            lane.head().ifPresent(heads::add);
        }
        return heads;
    }

    private void end(ShardEnd how) {
        isOver = true;
        try {
            intake.close();
            if (how == ShardEnd.ENDED) {
                mapping.observer().ended(shard);
            }
        } finally {
            over.accept(how);
        }
    }

    /** Work already handed out by a turn that failed is counted and comes back; then the consumer is over. Throws nothing. */
    private void crash(Throwable fault) {
        ending = ShardEnd.CRASHED;
        try {
            mapping.observer().crashed(shard, fault);
        } catch (RuntimeException | Error unheard) {
            Faults.log("An observer failed to hear of a shard's crash", unheard);
        }
        try {
            if (!runner.isBusy() && !isOver) {
                end(ShardEnd.CRASHED);
            }
        } catch (RuntimeException | Error unclosed) {
            Faults.log("A shard that crashed could not be closed", unclosed);
        }
    }

    // Messages.

    void onWake() {
        consumer.woken();
        intake.wake();
    }

    void onAlarm() {
        alarm = Long.MAX_VALUE;
    }

    private void wakeAt(long due) {
        if (due < alarm) {
            alarm = due;
            engine.timer().at(due, () -> consumer.post(new ShardMessage.Alarm()));
        }
    }

    void onReturned(LaneCall<?> call) {
        runner.returned(call, stillCounts(), engine.clock().millis());
    }

    /** Whether what a lane's thread brings back is still to be heeded. */
    private boolean stillCounts() {
        return !isOver && (ending == null || ending == ShardEnd.STOPPED);
    }

    void onPastDeadline(LaneCall<?> call, Thread thread) {
        runner.pastDeadline(call, thread);
    }

    void onSaved(CheckpointUpdate update) {
        saved = update;
    }

    void onLost() {
        if (!isOver) {
            mapping.observer().lost(shard);
            ending = ShardEnd.LOST;
        }
    }

    void onStop() {
        if (ending == null) {
            ending = ShardEnd.STOPPED;
        }
    }

    void onLeaveUnsaved() {
        leavesUnsaved = true;
    }

    void onLeaveStuck() {
        leavesStuck = true;
    }

    void onAbandon() {
        if (!isOver) {
            end(ending == null ? ShardEnd.STOPPED : ending);
        }
    }

    void onPermitGranted() {
        runner.permitGranted();
    }

    void onEventMemoryGranted() {
        nextLane = runner.memoryGranted();
    }

    void onRecordMemoryGranted() {
        intake.memoryGranted();
    }

    void onWhenDrained(Runnable drained) {
        whenDrained.add(drained);
        intake.lookAgain();
    }

    /** Whoever asks is answered, and a fault in looking is no reason to stop what is looked at. */
    ShardStatus status() {
        Position position = position();
        try {
            return new ShardStatus(
                    shard.id(),
                    position,
                    iteratorAge(),
                    intake.isCaughtUp(),
                    problem(),
                    WindowStatus.of(lanes[0].openWindow()),
                    Arrays.stream(lanes).map(this::status).toList());
        } catch (RuntimeException | Error fault) {
            String problem = "a fault in the engine: its status can't be told: "
                    + fault.getClass().getName();
            return new ShardStatus(shard.id(), position, 0, false, problem, null, List.of());
        }
    }

    private @Nullable String problem() {
        if (intake.problem() != null) {
            return intake.problem();
        }
        return Arrays.stream(lanes)
                .map(Lane::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private ShardStatus.LaneStatus status(Lane lane) {
        return lane.status(
                intake.waitsForMemory() && lane.wantsRecords(engine.clock().millis()));
    }

    private Position position() {
        SequenceNumber watermark = offered.progress().watermark();
        return watermark == null ? assignment.row().position() : Position.after(watermark);
    }

    private long iteratorAge() {
        long oldest = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            if (records.unfinished(lane.number()) > 0) {
                oldest = Math.min(oldest, records.get(lane.number(), 0).approximateArrivalMillis());
            }
        }
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, engine.clock().millis() - oldest);
    }
}
