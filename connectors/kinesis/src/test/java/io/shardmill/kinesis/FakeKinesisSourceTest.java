package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.ReshardingSourceContract;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/** Kinesis as the simulation fakes it reads like a real one. */
class FakeKinesisSourceTest extends ReshardingSourceContract {

    static final String STREAM = "orders";

    private final VirtualTime time = new VirtualTime();
    private final KinesisTrouble trouble = new KinesisTrouble(new Random(1));
    private final FakeKinesisServer server = new FakeKinesisServer(STREAM, 2, time, trouble);
    private final FakeKinesis client = new FakeKinesis(server, time, trouble);
    private final KinesisSource source = new KinesisSource(
            STREAM,
            stream(),
            client,
            () -> client,
            new ReadEnvironment(
                    time,
                    time::after,
                    BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(200)),
                    new ReadAhead(1 << 20),
                    new ShardQuotas(),
                    ReadObserver.NONE));

    KinesisStream stream() {
        return KinesisStream.of(STREAM);
    }

    @Override
    protected StreamSource source() {
        return source;
    }

    @Override
    protected boolean await(Semaphore called) {
        return time.stepUntil(called::tryAcquire, Duration.ofMinutes(1));
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    /** Time passes while a request is answered. */
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
        return server.put(shard, text).number();
    }

    @Override
    protected void split(String shard) {
        server.split(shard);
    }

    @Override
    protected void merge(String first, String second) {
        server.merge(first, second);
    }

    @Override
    protected void delete() {
        server.delete();
    }

    @Override
    protected void createAgain() {
        advance(Duration.ofSeconds(1)); // the time of its creation tells one stream of a name from another
        server.create(2, Duration.ZERO);
    }

    @Override
    protected OptionalLong recordsBehind(long records) {
        return OptionalLong.empty();
    }
}
