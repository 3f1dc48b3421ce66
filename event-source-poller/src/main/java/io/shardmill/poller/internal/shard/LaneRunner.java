package io.shardmill.poller.internal.shard;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.internal.batch.Step;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Window;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Carries out what a shard's lanes ask for: invocations, sends and discards. Touched only inside the shard's
 * turns; the work it makes runs outside of them and comes back as a message.
 */
final class LaneRunner {

    private final ShardAssignment assignment;
    private final MappingPorts mapping;
    private final ShardFetcher fetcher;
    private final ShardCompletion completion;
    private final Consumer<ShardMessage> post;
    private final Supplier<String> requestIds;
    private final BooleanSupplier mayCall;
    private final Shard shard;
    private final BatchInvoker invoker;
    private final LaneAdmission admission;
    private final DiscardedBatchFactory discards;

    /**
     * @param invoker of the mapping's function, in a transaction if it is to be
     * @param mayCall whether calls may be made
     */
    LaneRunner(
            ShardAssignment assignment,
            MappingPorts mapping,
            BatchInvoker invoker,
            ShardFetcher fetcher,
            ShardCompletion completion,
            Consumer<ShardMessage> post,
            Supplier<String> requestIds,
            BooleanSupplier mayCall) {
        this.assignment = assignment;
        this.mapping = mapping;
        this.fetcher = fetcher;
        this.completion = completion;
        this.post = post;
        this.requestIds = requestIds;
        this.mayCall = mayCall;
        this.shard = assignment.shard();
        this.invoker = invoker;
        this.admission = new LaneAdmission(
                mapping.limits(),
                () -> post.accept(ShardMessage.PERMIT_GRANTED),
                () -> post.accept(ShardMessage.EVENT_MEMORY_GRANTED));
        this.discards = new DiscardedBatchFactory(assignment.mapping(), mapping.format());
    }

    /**
     * Takes a lane that has nothing in flight a step further.
     *
     * @return whether it may be advanced again at once
     */
    boolean advance(Lane lane, long now, List<ShardTurns.Work<ShardMessage>> work) {
        Step step = lane.next(now, fetcher, requestIds);
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
            start(lane, invoke.records(), memory -> invocation(lane, invoke, memory, now), now, work);
        } else if (step instanceof Step.Discard discard) {
            DiscardedBatch batch = discards.create(discard, new DiscardedBatch.Place(shard, lane.window()), now);
            BatchSender sender = mapping.sender();
            if (sender == null) {
                mapping.observer().dropped(batch);
                fetcher.held().finish(lane.number(), lane.discarded());
                return true;
            }
            start(
                    lane,
                    discard.records(),
                    memory -> new SendCall(lane, memory, batch, sender, mayCall, post),
                    now,
                    work);
        }
        return false;
    }

    /**
     * Starts the lane's call if there is a permit and memory for it; both go back if it can't be made.
     *
     * @param work has room for a piece of each lane, so that adding one doesn't fail
     */
    private void start(
            Lane lane,
            List<Record> batch,
            LongFunction<LaneCall<?>> maker,
            long now,
            List<ShardTurns.Work<ShardMessage>> work) {
        long memory = mapping.limits().memory().eventShare(lane.eventBytesAtMost(batch));
        if (!isAdmitted(lane, memory, now)) {
            return;
        }
        try {
            LaneCall<?> call = maker.apply(memory);
            work.add(call);
            lane.started(call, now);
        } catch (RuntimeException | Error fault) {
            admission.release(memory);
            throw fault;
        }
    }

    private boolean isAdmitted(Lane lane, long memory, long now) {
        LaneAdmission.Decision decision = admission.tryAdmit(lane.number(), memory);
        if (decision == LaneAdmission.Decision.ADMITTED) {
            return true;
        }
        lane.waitsFor(
                decision == LaneAdmission.Decision.NO_PERMIT
                        ? Activity.WAITING_FOR_PERMIT
                        : Activity.WAITING_FOR_MEMORY,
                now);
        return false;
    }

    private InvocationCall invocation(Lane lane, Step.Invoke invoke, long memory, long now) {
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
                mapping.format().event(shard, invoke.records(), window));
        return new InvocationCall(lane, memory, invoke, invocation, invoker, mayCall, post);
    }

    /** Ends a call, and continues its lane with the outcome unless the shard is given up. */
    void returned(LaneCall<?> call, long now) {
        Lane lane = call.lane();
        boolean wasStuck = lane.isStuck();
        lane.returned();
        admission.release(call.memory());
        if (wasStuck) {
            mapping.observer().unstuck(shard, lane.number());
        }
        if (completion.considersOutcomes()) {
            call.completed(this, now);
        }
    }

    void attempted(Lane lane, Step.Invoke invoke, InvocationOutcome outcome, long now) {
        mapping.observer()
                .attempted(new BatchAttempt(
                        shard,
                        lane.number(),
                        invoke.attempt(),
                        invoke.records().size(),
                        outcome,
                        Instant.ofEpochMilli(now),
                        Instant.ofEpochMilli(lane.failingSince(now))));
        int finished = lane.completed(outcome, now);
        if (finished > 0) {
            mapping.observer().acknowledged(shard, finished);
            fetcher.held().finish(lane.number(), finished);
        }
    }

    void sent(Lane lane, DiscardedBatch batch, SendOutcome outcome, long now) {
        if (outcome instanceof SendOutcome.NotSent notSent) {
            mapping.observer().notSent(shard, lane.number(), batch, notSent.reason());
            lane.notSent(notSent.reason(), now);
            return;
        }
        if (outcome instanceof SendOutcome.Refused refused) {
            mapping.observer().destinationRefused(batch, refused.cause());
        } else {
            mapping.observer().delivered(batch);
        }
        fetcher.held().finish(lane.number(), lane.discarded());
    }

    void pastDeadline(LaneCall<?> call, Thread thread) {
        Lane lane = call.lane();
        if (lane.stuck(call, thread)) {
            mapping.observer().stuck(shard, lane.number(), thread);
        }
    }

    void permitGranted() {
        admission.permitGranted();
    }

    /** Returns the lane that asked for the memory: it is advanced first. */
    int memoryGranted() {
        return admission.memoryGranted();
    }

    void giveBackUnused() {
        admission.giveBackUnused();
    }
}
