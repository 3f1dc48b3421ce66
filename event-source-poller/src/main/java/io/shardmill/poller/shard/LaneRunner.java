package io.shardmill.poller.shard;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.batch.Step;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.KinesisEvent;
import io.shardmill.poller.shard.ShardStatus.Activity;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Window;
import java.util.List;
import java.util.function.Supplier;

/**
 * Carries out what a shard's lanes ask for: invocations, sends and discards. Touched only inside the shard's
 * turns; the work it makes runs outside of them and comes back as a message.
 */
final class LaneRunner {

    private static final InvocationOutcome OUT_OF_MEMORY = InvocationOutcome.Failure.internal("out of memory");
    private static final SendOutcome NOT_SENT = new SendOutcome.NotSent("out of memory");

    private final ShardAssignment assignment;
    private final MappingPorts mapping;
    private final Intake intake;
    private final ShardConsumer consumer;
    private final Supplier<String> requestIds;
    private final Shard shard;
    private final Admission admission;
    private final Discards discards;
    /** What each lane's call holds of the memory for events. */
    private final long[] held;

    private int inFlight;

    LaneRunner(
            ShardAssignment assignment,
            MappingPorts mapping,
            Intake intake,
            ShardConsumer consumer,
            Supplier<String> requestIds) {
        this.assignment = assignment;
        this.mapping = mapping;
        this.intake = intake;
        this.consumer = consumer;
        this.requestIds = requestIds;
        this.shard = assignment.shard();
        this.held = new long[assignment.mapping().batching().parallelizationFactor()];
        this.admission = new Admission(
                mapping.limits(),
                () -> consumer.post(ShardMessage.PERMIT_GRANTED),
                () -> consumer.post(ShardMessage.EVENT_MEMORY_GRANTED));
        this.discards = new Discards(assignment.mapping(), mapping.origin());
    }

    /**
     * Takes a lane that has nothing in flight a step further.
     *
     * @return whether it may go on at once
     */
    boolean advance(Lane lane, long now, List<ShardTurns.Work<ShardMessage>> work) {
        Step step = lane.next(now, intake, requestIds);
        if (step instanceof Step.Invoke invoke) {
            long tooLarge = lane.tooLarge(invoke.records());
            if (tooLarge > 0 && invoke.records().size() > 1) {
                lane.split();
                return true;
            }
            if (tooLarge > 0) {
                attempted(lane, invoke, InvocationOutcome.Failure.tooLarge(tooLarge), now);
                return true;
            }
            start(lane, invoke.records(), () -> invocation(lane, invoke, now), work);
        } else if (step instanceof Step.Discard discard) {
            DiscardedBatch batch = discards.document(discard, new DiscardedBatch.Place(shard, lane.window()), now);
            if (mapping.sender() == null) {
                mapping.observer().dropped(batch);
                intake.finish(lane.number(), lane.discarded());
                return true;
            }
            start(lane, discard.records(), () -> send(lane, batch), work);
        }
        return false;
    }

    /**
     * Makes the lane's work if there is a permit and memory for it; both go back if it can't be made.
     *
     * @param work has room for a piece of each lane, so that adding one doesn't fail
     */
    private void start(
            Lane lane,
            List<Record> batch,
            Supplier<ShardTurns.Work<ShardMessage>> maker,
            List<ShardTurns.Work<ShardMessage>> work) {
        if (!isAdmitted(lane, batch)) {
            return;
        }
        try {
            work.add(maker.get());
            inFlight++;
        } catch (RuntimeException | Error fault) {
            lane.returned();
            admission.release(held[lane.number()]);
            throw fault;
        }
    }

    private boolean isAdmitted(Lane lane, List<Record> batch) {
        long bytes = mapping.limits().memory().eventShare(lane.eventBytesAtMost(batch));
        Admission.Answer answer = admission.tryAdmit(lane.number(), bytes);
        if (answer == Admission.Answer.ADMITTED) {
            held[lane.number()] = bytes;
            return true;
        }
        lane.waitsFor(answer == Admission.Answer.NO_PERMIT ? Activity.WAITING_FOR_PERMIT : Activity.WAITING_FOR_MEMORY);
        return false;
    }

    private ShardTurns.Work<ShardMessage> invocation(Lane lane, Step.Invoke invoke, long now) {
        int count = invoke.records().size();
        if (count > 0) {
            long arrival = invoke.records().get(count - 1).approximateArrivalMillis();
            mapping.observer().invoking(shard, count, Math.max(0, now - arrival));
        }
        Window window = lane.window();
        Invocation invocation = new Invocation(
                new Invocation.Origin(
                        assignment.mapping().name(),
                        shard,
                        lane.number(),
                        assignment.row().epoch()),
                invoke.attempt(),
                invoke.records(),
                window,
                new KinesisEvent(mapping.origin(), shard, invoke.records(), window));
        // Made beforehand: when memory is full, there may be none for a message either.
        Completion<ShardMessage> withoutMemory = Completion.here(new ShardMessage.Returned(lane, invoke, OUT_OF_MEMORY));
        lane.started(invocation, Activity.INVOKING);
        return () -> {
            try {
                return invoke(lane, invoke, invocation) instanceof Completion.Here<InvocationOutcome> here
                        ? Completion.here(new ShardMessage.Returned(lane, invoke, here.outcome()))
                        : Completion.later();
            } catch (OutOfMemoryError full) {
                return withoutMemory;
            }
        };
    }

    /** Runs outside of any turn. */
    private Completion<InvocationOutcome> invoke(Lane lane, Step.Invoke invoke, Invocation invocation) {
        try {
            return mapping.invoker()
                    .invoke(
                            invocation,
                            thread -> consumer.post(new ShardMessage.PastDeadline(lane, invocation, thread)),
                            later -> consumer.post(new ShardMessage.Returned(lane, invoke, later)));
        } catch (RuntimeException | Error fault) { // not the function's, which never leaves the invoker
            return Completion.here(InvocationOutcome.Failure.internal(fault));
        }
    }

    private ShardTurns.Work<ShardMessage> send(Lane lane, DiscardedBatch batch) {
        BatchSender sender = mapping.sender();
        if (sender == null) {
            throw new IllegalStateException("No destination");
        }
        Completion<ShardMessage> withoutMemory = Completion.here(new ShardMessage.Sent(lane, batch, NOT_SENT));
        lane.started(batch, Activity.SENDING);
        return () -> {
            try {
                return send(sender, lane, batch) instanceof Completion.Here<SendOutcome> here
                        ? Completion.here(new ShardMessage.Sent(lane, batch, here.outcome()))
                        : Completion.later();
            } catch (OutOfMemoryError full) {
                return withoutMemory;
            }
        };
    }

    /** Runs outside of any turn. */
    private Completion<SendOutcome> send(BatchSender sender, Lane lane, DiscardedBatch batch) {
        try {
            return sender.send(
                    batch,
                    thread -> consumer.post(new ShardMessage.PastDeadline(lane, batch, thread)),
                    later -> consumer.post(new ShardMessage.Sent(lane, batch, later)));
        } catch (OutOfMemoryError full) {
            return Completion.here(NOT_SENT);
        } catch (RuntimeException | Error fault) { // not the destination's, which never leaves the sender
            return Completion.here(new SendOutcome.Refused(fault));
        }
    }

    void attempted(Lane lane, Step.Invoke invoke, InvocationOutcome outcome, long now) {
        mapping.observer()
                .attempted(
                        shard,
                        lane.number(),
                        invoke.attempt().number(),
                        invoke.records().size(),
                        outcome);
        int finished = lane.completed(outcome, now);
        if (finished > 0) {
            mapping.observer().acknowledged(shard, finished);
            intake.finish(lane.number(), finished);
        }
    }

    void sent(Lane lane, DiscardedBatch batch, SendOutcome outcome, long now) {
        if (outcome instanceof SendOutcome.NotSent notSent) {
            mapping.observer().notSent(shard, lane.number(), batch, notSent.reason());
            lane.notSent(now);
            return;
        }
        if (outcome instanceof SendOutcome.Refused refused) {
            mapping.observer().destinationRefused(batch, refused.cause());
        } else {
            mapping.observer().delivered(batch);
        }
        intake.finish(lane.number(), lane.discarded());
    }

    /** The lane's thread is back, whatever it brings. */
    void returned(Lane lane) {
        boolean wasStuck = lane.isStuck();
        lane.returned();
        inFlight--;
        admission.release(held[lane.number()]);
        if (wasStuck) {
            mapping.observer().unstuck(shard, lane.number());
        }
    }

    void pastDeadline(Lane lane, Object call, Thread thread) {
        if (lane.stuck(call, thread)) {
            mapping.observer().stuck(shard, lane.number(), thread);
        }
    }

    /** Whether a thread has work of this shard in hand. */
    boolean isBusy() {
        return inFlight > 0;
    }

    void permitGranted() {
        admission.permitGranted();
    }

    /** Returns the lane that asked for the memory, which is to be the next to be advanced. */
    int memoryGranted() {
        return admission.memoryGranted();
    }

    void giveBackUnused() {
        admission.giveBackUnused();
    }
}
