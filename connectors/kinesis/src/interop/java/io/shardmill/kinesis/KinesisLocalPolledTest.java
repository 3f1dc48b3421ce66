package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.ReshardingSourceContract;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Streams of kinesis-local, which are polled. */
class KinesisLocalPolledTest extends ReshardingSourceContract {

    private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);

    private static final Polling EAGER =
            new Polling(Duration.ofMillis(10), Duration.ofMillis(100), 1_000, Long.MAX_VALUE);

    private static KinesisLocal server;

    private final String stream = "orders-" + UUID.randomUUID();
    private KinesisStreams kinesis;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = new KinesisLocal();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void create() {
        kinesis = new KinesisStreams(
                Map.of("orders", KinesisStream.of(stream).at(server.location()).with(EAGER)),
                server.location(),
                AwsScope.DEFAULT,
                InstantSource.system(),
                ReadObserver.NONE);
        createAgain();
    }

    @AfterEach
    void close() {
        kinesis.close();
    }

    @Override
    protected StreamSource source() {
        return kinesis.find("orders").orElseThrow();
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected void isNow(Instant arrival) {
        assertThat(arrival).isCloseTo(now(), within(1, ChronoUnit.MINUTES));
    }

    @Override
    protected void advance(Duration step) {
        Instant until = now().plus(step);
        Awaitility.await().until(() -> now().isAfter(until));
    }

    private Shard shard(String id) {
        return server.client().listShards(request -> request.streamName(stream)).join().shards().stream()
                .filter(shard -> shard.shardId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        String hashKey = shard(shard).hashKeyRange().startingHashKey();
        return SequenceNumber.parse(server.client()
                .putRecord(request -> request.streamName(stream)
                        .partitionKey("key")
                        .explicitHashKey(hashKey)
                        .data(SdkBytes.fromUtf8String(text)))
                .join()
                .sequenceNumber());
    }

    @Override
    protected void split(String shard) {
        BigInteger first = new BigInteger(shard(shard).hashKeyRange().startingHashKey());
        BigInteger middle = first.add(HASH_KEYS.shiftRight(2));
        server.client()
                .splitShard(request -> request.streamName(stream)
                        .shardToSplit(shard)
                        .newStartingHashKey(middle.toString()))
                .join();
        awaitActive();
    }

    @Override
    protected void merge(String first, String second) {
        server.client()
                .mergeShards(request -> request.streamName(stream)
                        .shardToMerge(first)
                        .adjacentShardToMerge(second))
                .join();
        awaitActive();
    }

    private void awaitActive() {
        Awaitility.await()
                .until(() -> server.client()
                                .describeStreamSummary(request -> request.streamName(stream))
                                .join()
                                .streamDescriptionSummary()
                                .streamStatus()
                        == StreamStatus.ACTIVE);
    }

    @Override
    protected void delete() {
        server.client()
                .deleteStream(request -> request.streamName(stream).enforceConsumerDeletion(true))
                .join();
    }

    @Override
    protected void createAgain() {
        Awaitility.await().ignoreExceptions().until(() -> server.client()
                        .createStream(request -> request.streamName(stream).shardCount(2))
                        .join()
                != null);
        awaitActive();
    }

    @Override
    protected OptionalLong recordsBehind(long records) {
        return OptionalLong.empty();
    }
}
