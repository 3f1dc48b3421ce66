package io.shardmill.poller.internal.shard;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.RetryState;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.internal.batch.FinishedRecords;
import io.shardmill.poller.internal.filter.RecordFilter;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.WindowStatus;
import io.shardmill.poller.stream.ShardReader;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of a shard's {@link ShardOwner}: made here, touched only inside its turns. */
record ShardParts(
        ShardFetcher fetcher, Lanes lanes, LaneRunner runner, ShardCheckpoint checkpoint, ShardCompletion completion) {

    private static final int MAX_READ = 10_000;

    /**
     * Makes the parts, and opens the shard where its row says.
     *
     * @param over called once, at the consumer's end
     */
    static ShardParts of(
            ShardAssignment assignment,
            MappingPorts mapping,
            EnginePorts engine,
            ShardConsumer consumer,
            Consumer<ShardEnd> over) {
        Batching batching = assignment.mapping().batching();
        FinishedRecords records = new FinishedRecords(
                batching.parallelizationFactor(),
                assignment.row().progress(),
                mapping.source().unpacks());
        RecordMemory memory = new RecordMemory(
                mapping.limits().memory().records(), () -> consumer.post(ShardMessage.RECORD_MEMORY_GRANTED));
        HeldRecords held = new HeldRecords(records, memory, batching);
        ShardFetcher fetcher = fetcher(assignment, mapping, held, consumer);
        Lanes lanes = lanes(assignment, mapping, records);
        ShardCheckpoint checkpoint = new ShardCheckpoint(assignment, engine.checkpoints(), consumer);
        ShardCompletion completion =
                new ShardCompletion(assignment.shard(), checkpoint, fetcher, lanes, mapping.observer(), over);
        LaneRunner runner = new LaneRunner(
                assignment,
                mapping,
                invoker(assignment, mapping, engine, consumer),
                fetcher,
                completion,
                consumer::post,
                engine.requestIds(),
                mayCall(assignment, engine));
        return new ShardParts(fetcher, lanes, runner, checkpoint, completion);
    }

    private static BooleanSupplier mayCall(ShardAssignment assignment, EnginePorts engine) {
        return () -> engine.mayInvoke().test(assignment.owner());
    }

    private static BatchInvoker invoker(
            ShardAssignment assignment, MappingPorts mapping, EnginePorts engine, ShardConsumer consumer) {
        FunctionTransactions transactions = mapping.transactions();
        return transactions == null
                ? mapping.invoker()
                : new TransactionalInvoker(
                        new TransactionalInvoker.Place(
                                assignment, mapping.source().unpacks(), consumer.facts(), consumer::lost),
                        mapping.invoker(),
                        transactions,
                        mayCall(assignment, engine));
    }

    private static ShardFetcher fetcher(
            ShardAssignment assignment, MappingPorts mapping, HeldRecords held, ShardConsumer consumer) {
        Shard shard = assignment.shard();
        Batching batching = assignment.mapping().batching();
        ShardReader reader = mapping.source().open(shard.id(), assignment.row().position(), consumer::wake);
        ShardFetcher fetcher = new ShardFetcher(
                shard,
                reader,
                Math.min(MAX_READ, batching.batchSize() * batching.parallelizationFactor()),
                new FilterStage(shard, filter(assignment, mapping), mapping.observer()),
                held,
                mapping.observer());
        fetcher.saved(assignment.row().progress());
        return fetcher;
    }

    private static @Nullable RecordFilter filter(ShardAssignment assignment, MappingPorts mapping) {
        FilterCriteria criteria = assignment.mapping().filters();
        return criteria.isEmpty() ? null : RecordFilter.of(mapping.format().filterFields(), criteria.patterns());
    }

    private static Lanes lanes(ShardAssignment assignment, MappingPorts mapping, FinishedRecords records) {
        Progress restored = assignment.row().progress();
        OpenWindow window = restored.window();
        EventSize eventSize = mapping.format().eventSize(assignment.shard().id());
        Lane[] lanes = new Lane[assignment.mapping().batching().parallelizationFactor()];
        for (int number = 0; number < lanes.length; number++) {
            lanes[number] = new Lane(number, assignment.mapping(), eventSize, records, window);
        }
        boolean isWindowGone =
                window != null && !assignment.mapping().batching().hasTumblingWindow();
        for (RetryState head : restored.heads()) {
            if (head.factor() == lanes.length && !isWindowGone) {
                lanes[head.lane()].resume(head);
            }
        }
        return new Lanes(lanes, records);
    }

    void saved(CheckpointUpdate update) {
        checkpoint.saved(update);
        fetcher.saved(update.progress());
    }

    ShardStatus status(String shard, long now) {
        OptionalLong unread = fetcher.recordsBehind();
        long waiting = lanes.unfinished();
        boolean isCaughtUp = fetcher.isCaughtUp() && waiting == 0 && unread.orElse(0) == 0 && fetcher.problem() == null;
        return new ShardStatus(
                shard,
                checkpoint.position(),
                isCaughtUp ? OptionalLong.of(0) : lanes.iteratorAge(now),
                unread.isPresent() ? OptionalLong.of(unread.getAsLong() + waiting) : unread,
                fetcher.millisBehindLatest(),
                waiting,
                isCaughtUp,
                fetcher.problem() != null ? fetcher.problem() : lanes.problem(),
                WindowStatus.of(lanes.window()),
                lanes.statuses(fetcher.held().waitsForMemory(), now));
    }
}
