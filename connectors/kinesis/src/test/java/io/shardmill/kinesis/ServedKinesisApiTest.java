package io.shardmill.kinesis;

import io.shardmill.function.SequenceNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** A Shardmill server over HTTP answers as the fake of the simulation does. */
class ServedKinesisApiTest extends KinesisApiContract {

    private final ServedStreams served = ServedStreams.limited();
    private final KinesisClients clients = new KinesisClients();

    @BeforeEach
    void create() {
        served.streams.createStream(STREAM, 2);
    }

    @AfterEach
    void close() {
        cancel();
        clients.close();
        served.close();
    }

    @Override
    KinesisAsyncClient client() {
        return clients.requests(served.location());
    }

    @Override
    KinesisAsyncClient subscriptions() {
        return clients.subscriptions(served.location());
    }

    @Override
    boolean await(Semaphore called) {
        try {
            return called.tryAcquire(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    Instant now() {
        return served.clock.instant();
    }

    @Override
    void advance(Duration step) {
        served.clock.advance(step);
    }

    @Override
    SequenceNumber put(String shard, byte[] data) {
        return served.put(STREAM, shard, data);
    }

    @Override
    void split(String shard) {
        served.split(STREAM, shard);
    }

    @Override
    void merge(String first, String second) {
        served.streams.mergeShards(STREAM, first, second);
    }

    @Override
    void delete() {
        served.streams.deleteStreamAndConsumers(STREAM);
    }

    @Override
    void createAgain() {
        advance(Duration.ofSeconds(1));
        create();
    }
}
