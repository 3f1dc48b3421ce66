package io.shardmill.poller.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.testkit.FakeGroup;
import io.shardmill.poller.testkit.FakeGroupTopic;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;

/** The topic that the simulation reads behaves like one of Kafka. */
class FakeGroupSourceTest extends StreamSourceContract {

    private final VirtualTime time = new VirtualTime();
    private final FakeStream topic = FakeStream.topic("orders", 2, time);
    private final FakeGroup group =
            new FakeGroup(topic, time, new Random(1), new FakeGroup.Watcher() {}, new FakeGroup.Habits() {});
    private final FakeGroupTopic process = new FakeGroupTopic(group, "process", time);

    @BeforeEach
    void join() {
        ShardGroup.Membership member = process.join("store", () -> {});
        while (member.assigned().shards().size() < 2) {
            time.step(Long.MAX_VALUE);
        }
    }

    @Override
    protected StreamSource source() {
        return process;
    }

    @Override
    protected boolean await(Semaphore called) {
        return time.stepUntil(called::tryAcquire, Duration.ofMinutes(1));
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    /** Time passes until the shard is begun. */
    @Override
    protected void isNow(Instant arrival) {
        assertThat(arrival).isBetween(now().minusSeconds(1), now());
    }

    @Override
    protected void advance(Duration step) {
        time.advance(step);
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        return topic.put(shard, "key", text).sequenceNumber();
    }

    @Override
    protected void delete() {
        topic.delete();
        group.topicDeleted();
    }

    /** A group is joined anew for a topic that was made anew. */
    @Override
    protected void createAgain() {
        topic.createAgain(2);
        group.topicChanged();
        join();
    }
}
