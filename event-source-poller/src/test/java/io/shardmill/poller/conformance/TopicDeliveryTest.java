package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A topic in virtual time. */
class TopicDeliveryTest extends DeliveryContract {

    private final World world = World.ofTopic(2);

    private String shard(int partition) {
        return world.stream.shardIds().get(partition);
    }

    @Override
    protected EventSourceMapping mapping() {
        return world.mapping();
    }

    @Override
    protected void put(int partition, String text, Duration age) {
        world.stream.put(
                shard(partition),
                "key",
                text.getBytes(StandardCharsets.UTF_8),
                world.time.instant().minus(age).toEpochMilli());
    }

    @Override
    protected void start(EventSourceMapping mapping, Function<List<Record>, Result> function) {
        world.function.answers(invocation -> {
            try {
                return InvocationOutcome.of(function.apply(invocation.records()), invocation.records());
            } catch (RuntimeException thrown) {
                return InvocationOutcome.Failure.threw(thrown);
            }
        });
        world.start(mapping);
    }

    @Override
    protected void drain() {
        world.advance(Duration.ofMinutes(1));
    }

    @Override
    protected List<DiscardedBatch> discarded() {
        return world.destination.batches();
    }

    @Override
    protected void assertFinished(int partition, long records) {
        assertThat(world.row(shard(partition)).progress().watermark()).isEqualTo(SequenceNumber.of(records - 1));
    }
}
