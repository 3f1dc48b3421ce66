package io.shardmill.kinesis;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.ReshardingSourceContract;
import io.shardmill.poller.stream.StreamSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Streams that a Shardmill server has, read over HTTP. */
abstract class ServedSourceContract extends ReshardingSourceContract {

    static final String STREAM = "orders";

    final ServedStreams served = new ServedStreams();
    private final KinesisStreams kinesis = served.connect(Map.of(STREAM, stream(served.location())));

    /** The stream as it is read here. */
    abstract KinesisStream stream(KinesisLocation location);

    @BeforeEach
    void create() {
        served.streams.createStream(STREAM, 2);
    }

    @AfterEach
    void close() {
        kinesis.close();
        served.close();
    }

    @Override
    protected StreamSource source() {
        return kinesis.find(STREAM).orElseThrow();
    }

    @Override
    protected Instant now() {
        return served.clock.instant();
    }

    @Override
    protected void advance(Duration step) {
        served.clock.advance(step);
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        return served.put(STREAM, shard, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void split(String shard) {
        served.split(STREAM, shard);
    }

    @Override
    protected void merge(String first, String second) {
        served.streams.mergeShards(STREAM, first, second);
    }

    @Override
    protected void delete() {
        served.streams.deleteStreamAndConsumers(STREAM);
    }

    @Override
    protected void createAgain() {
        advance(Duration.ofSeconds(1)); // the time of its creation tells one stream of a name from another
        create();
    }

    @Override
    protected OptionalLong recordsBehind(long records) {
        return OptionalLong.empty();
    }
}
