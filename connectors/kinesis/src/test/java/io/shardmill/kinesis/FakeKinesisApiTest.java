package io.shardmill.kinesis;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The fake of the simulation answers as a real server does. */
class FakeKinesisApiTest extends KinesisApiContract {

    private final VirtualTime time = new VirtualTime();
    private final KinesisTrouble trouble = new KinesisTrouble(new Random(1));
    private final FakeKinesisServer server = new FakeKinesisServer(STREAM, 2, time, trouble);
    private final FakeKinesis client = new FakeKinesis(server, time, trouble);

    @Override
    KinesisAsyncClient client() {
        return client;
    }

    @Override
    KinesisAsyncClient subscriptions() {
        return client;
    }

    @Override
    boolean await(Semaphore called) {
        return time.stepUntil(called::tryAcquire, Duration.ofMinutes(1));
    }

    @Override
    Instant now() {
        return time.instant();
    }

    @Override
    void advance(Duration step) {
        time.advance(step);
    }

    @Override
    SequenceNumber put(String shard, byte[] data) {
        return server.put(shard, data).number();
    }

    @Override
    void split(String shard) {
        server.split(shard);
    }

    @Override
    void merge(String first, String second) {
        server.merge(first, second);
    }

    @Override
    void delete() {
        server.delete();
    }

    @Override
    void createAgain() {
        advance(Duration.ofSeconds(1));
        server.create(2, Duration.ZERO);
    }
}
