package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.ScriptedFunction.Delivery;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.NotInvokedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A topic in virtual time. */
final class VirtualTopic implements MappedTopic {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final World world = World.ofTopic(2);
    private Duration taken = Duration.ZERO;
    private boolean isStarted;

    private String shard(int partition) {
        return world.stream.shardIds().get(partition);
    }

    @Override
    public EventSourceMapping mapping() {
        return world.mapping();
    }

    @Override
    public void put(int partition, String key, String text, Instant timestamp) {
        world.stream.put(shard(partition), key, text.getBytes(StandardCharsets.UTF_8), timestamp.toEpochMilli());
    }

    @Override
    public void timeout(Duration timeout) {
        world.function.timeout(timeout.toMillis());
    }

    @Override
    public void start(EventSourceMapping mapping, Handler handler) {
        if (isStarted) {
            world.stop();
        }
        isStarted = true;
        world.function
                .answers(invocation -> {
                    taken = Duration.ZERO;
                    return outcome(handler, invocation);
                })
                .takes(invocation -> taken.toMillis());
        world.start(mapping);
    }

    private static InvocationOutcome outcome(Handler handler, Invocation invocation) {
        try {
            return InvocationOutcome.of(handler.invoke(invocation), invocation, true);
        } catch (NotInvokedException throttled) {
            return InvocationOutcome.Failure.notInvoked(throttled.reason());
        } catch (Exception thrown) {
            return InvocationOutcome.Failure.threw(thrown);
        }
    }

    @Override
    public void drain() {
        world.advance(PATIENCE);
    }

    @Override
    public void await(BooleanSupplier condition) {
        assertThat(world.time.stepUntil(condition, PATIENCE)).as("in time").isTrue();
    }

    @Override
    public Instant now() {
        return world.time.instant();
    }

    @Override
    public List<DiscardedBatch> discarded() {
        return world.destination.batches();
    }

    @Override
    public void assertFinished(int partition, long records) {
        SequenceNumber last = SequenceNumber.of(records - 1);
        await(() -> last.equals(world.row(shard(partition)).progress().watermark()));
    }

    @Override
    public void take(Duration duration) {
        taken = duration;
    }

    @Override
    public List<Invocation> running() {
        return world.function.running().stream().map(Delivery::invocation).toList();
    }

    @Override
    public void close() {}
}
