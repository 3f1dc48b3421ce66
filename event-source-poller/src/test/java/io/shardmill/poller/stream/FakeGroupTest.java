package io.shardmill.poller.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.testkit.FakeGroup;
import io.shardmill.poller.testkit.FakeGroupTopic;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** The group that the simulation reads a topic with behaves like one of Kafka. */
class FakeGroupTest extends ShardGroupContract {

    private static final long PATIENCE_MILLIS = 2 * FakeGroup.HAND_OVER_MILLIS;
    private static final long A_WHILE_MILLIS = 5_000;

    private final VirtualTime time = new VirtualTime();
    private final FakeStream topic = FakeStream.topic("orders", 4, time);
    private final FakeGroup group =
            new FakeGroup(topic, time, new Random(1), new FakeGroup.Watcher() {}, new FakeGroup.Habits() {});
    private int processes;

    @Override
    protected StreamSource newProcess() {
        return new FakeGroupTopic(group, "process-" + ++processes, time);
    }

    @Override
    protected void put(String shard, String text) {
        topic.put(shard, "key", text);
    }

    @Override
    protected long position(String shard) {
        FakeGroup.Offset committed = group.committed(shard);
        return committed == null ? -1 : committed.next();
    }

    @Override
    protected void reset(String shard, long number) {
        assertThat(group.reset(shard, number)).isTrue();
    }

    @Override
    protected void await(BooleanSupplier condition) {
        assertThat(time.stepUntil(condition, Duration.ofMillis(PATIENCE_MILLIS)))
                .as("in time")
                .isTrue();
    }

    @Override
    protected void assertRemains(BooleanSupplier condition) {
        long limit = time.millis() + A_WHILE_MILLIS;
        do {
            assertThat(condition.getAsBoolean()).isTrue();
        } while (time.step(limit));
    }
}
