package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.ForwardingReader;
import io.shardmill.poller.testkit.Takes;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A fault in a shard's turn ends the shard, and what it had of its mapping's limits is there for others. */
class ShardFaultsTest {

    private static final MappingKey KEY = new MappingKey("test", "orders", "orders", "incarnation");
    private static final int PERMITS = 2;
    private static final long MEMORY = 1L << 30;

    private final VirtualTime time = new VirtualTime();
    private final FakeStream stream = new FakeStream("orders", 1, time);
    private final String shard = stream.shardIds().get(0);
    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();
    private final Limits limits =
            new Limits(new Permits(PERMITS), new EngineMemory(new MemoryBudget(MEMORY), new MemoryBudget(MEMORY)));
    private final List<Consumer<InvocationOutcome>> calls = new ArrayList<>();
    private final List<ShardEnd> ends = new ArrayList<>();

    private static IllegalStateException fault() {
        return new IllegalStateException("thrown by a test");
    }

    private ShardConsumer start(ShardObserver observer) {
        return start(EventSourceMapping.of("orders", "orders"), null, observer);
    }

    private ShardConsumer start(EventSourceMapping mapping, @Nullable BatchSender sender, ShardObserver observer) {
        store.create(KEY, List.of(CheckpointRow.begin(shard, ShardState.READING, Position.trimHorizon(), List.of())));
        CheckpointWriter writer = new CheckpointWriter(store, new CheckpointWriter.Pace(100, 10_000), time, time, time);
        ShardConsumer consumer = new ShardConsumer(
                new ShardAssignment(
                        mapping.with(Batching.defaults().withBatchSize(1).withFactor(2)),
                        KEY,
                        "me",
                        Takes.take(store, KEY, shard, "me")),
                new MappingPorts(
                        new UncloseableSource(stream),
                        KinesisFormat.of(stream.arn()),
                        (invocation, listener, later) -> {
                            calls.add(later);
                            return Completion.later();
                        },
                        sender,
                        limits,
                        observer),
                new EnginePorts(time, time, time, () -> false, () -> "request", writer, owner -> true),
                ends::add);
        consumer.start();
        time.settle();
        return consumer;
    }

    /** Its readers can't be closed. */
    private static final class UncloseableSource extends ForwardingSource {

        UncloseableSource(FakeStream stream) {
            super(stream);
        }

        @Override
        public ShardReader open(String shard, Position from, Runnable wake) {
            return new ForwardingReader(super.open(shard, from, wake)) {
                @Override
                public void close() {
                    throw fault();
                }
            };
        }
    }

    private void assertOverWithNothingHeld(ShardEnd end) {
        assertThat(ends).containsExactly(end);
        for (int count = 0; count < PERMITS; count++) {
            assertThat(limits.permits().tryAcquire(() -> {})).isTrue();
        }
        assertThat(limits.memory().events().tryTake(MEMORY, () -> {})).isTrue();
        assertThat(limits.memory().records().tryTake(MEMORY, () -> {})).isTrue();
    }

    @Test
    void what_was_admitted_and_not_handed_over_goes_back() {
        stream.put("1");
        ShardObserver throwing = new ShardObserver() {
            @Override
            public void invoking(Shard shard, int records, long iteratorAgeMillis) {
                throw fault();
            }

            @Override
            public void crashed(Shard shard, Throwable fault) {
                throw fault();
            }
        };
        start(throwing);

        assertThat(calls).isEmpty();
        assertOverWithNothingHeld(ShardEnd.CRASHED);
    }

    @Test
    void a_crash_that_can_not_be_observed_drops_no_message_of_its_turn() {
        for (int count = 0; count < 20; count++) {
            stream.put(shard, "key " + count, "x");
        }
        ShardObserver throwing = new ShardObserver() {
            @Override
            public void attempted(BatchAttempt attempt) {
                throw fault();
            }

            @Override
            public void crashed(Shard shard, Throwable fault) {
                throw fault();
            }
        };
        start(throwing);
        assertThat(calls).hasSize(2);
        calls.forEach(call -> call.accept(new InvocationOutcome.Succeeded()));
        time.settle();

        assertOverWithNothingHeld(ShardEnd.CRASHED);
    }

    @Test
    void a_batch_whose_sending_throws_is_sent_again() {
        List<DiscardedBatch> sent = new ArrayList<>();
        Counts counts = new Counts();
        BatchSender throwsOnce = (batch, listener, later) -> {
            sent.add(batch);
            if (sent.size() == 1) {
                throw fault();
            }
            return Completion.here(SendOutcome.DELIVERED);
        };
        stream.put("1");
        start(
                EventSourceMapping.of("orders", "orders")
                        .with(FailureHandling.defaults()
                                .withMaximumRetryAttempts(0)
                                .withDestination("fake")),
                throwsOnce,
                counts);
        calls.get(0).accept(InvocationOutcome.Failure.threw(fault()));
        time.advance(Duration.ofMinutes(1));

        assertThat(sent).hasSize(2);
        assertThat(counts.refusals()).isZero();
        assertThat(counts.delivered()).isEqualTo(1);
    }

    @Test
    void a_reader_that_can_not_be_closed_leaves_no_memory_taken() {
        stream.put("1");
        ShardConsumer consumer = start(new ShardObserver() {});
        consumer.abandon();
        time.settle();
        assertThat(ends).containsExactly(ShardEnd.STOPPED);
        calls.forEach(call -> call.accept(new InvocationOutcome.Succeeded()));
        time.settle();

        assertOverWithNothingHeld(ShardEnd.STOPPED);
    }
}
