package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.Takes;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShardConsumerTest {

    private static final MappingKey KEY = new MappingKey("test", "orders", "orders", "incarnation");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final VirtualTime time = new VirtualTime();
    private final FakeStream stream = new FakeStream("orders", 1, time);
    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();
    private final List<DeadlineListener> calls = new ArrayList<>();
    private final List<Consumer<InvocationOutcome>> returns = new ArrayList<>();
    private final List<ShardEnd> ends = new ArrayList<>();
    private final ShardConsumer consumer = consumer();

    /** Its function returns when a test lets it. */
    private ShardConsumer consumer() {
        String shard = stream.shardIds().get(0);
        store.create(KEY, List.of(CheckpointRow.begin(shard, ShardState.READING, Position.trimHorizon(), List.of())));
        MappingPorts ports = new MappingPorts(
                stream,
                KinesisFormat.of(stream.arn()),
                (invocation, listener, later) -> {
                    calls.add(listener);
                    returns.add(later);
                    return Completion.later();
                },
                null,
                new Limits(new Permits(1), EngineMemory.ofHeap(1L << 32)),
                new ShardObserver() {});
        CheckpointWriter writer = new CheckpointWriter(store, new CheckpointWriter.Pace(100, 10_000), time, time, time);
        return new ShardConsumer(
                new ShardAssignment(
                        EventSourceMapping.of("orders", "orders"), KEY, "me", Takes.take(store, KEY, shard, "me")),
                ports,
                new EnginePorts(time, time, time, () -> false, () -> "request", writer, owner -> true),
                ends::add);
    }

    @BeforeEach
    void begin() {
        stream.put("1");
        consumer.start();
        time.settle();
        assertThat(calls).hasSize(1);
    }

    private void passDeadline() {
        calls.get(0).passed(Thread.currentThread());
        time.advance(LONG);
    }

    @Test
    void a_stop_waits_for_a_call_past_its_deadline() {
        consumer.stop();
        passDeadline();
        assertThat(ends).isEmpty();
        returns.get(0).accept(new InvocationOutcome.Succeeded());
        time.settle();

        assertThat(ends).containsExactly(ShardEnd.STOPPED);
    }
}
