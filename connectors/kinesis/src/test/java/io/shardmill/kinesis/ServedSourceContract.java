package io.shardmill.kinesis;

import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamSourceContract;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Streams that a Shardmill server has, read over HTTP. */
abstract class ServedSourceContract extends StreamSourceContract {

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

    private ShardInfo info(String shard) {
        return served.streams.describe(STREAM).shards().stream()
                .filter(info -> info.id().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        PutEntry entry =
                PutEntry.of("key", text).withExplicitHashKey(info(shard).startingHashKey());
        return served.streams.put(STREAM, entry).sequenceNumber();
    }

    @Override
    protected void split(String shard) {
        ShardInfo info = info(shard);
        BigInteger middle = info.startingHashKey().add(info.endingHashKey()).shiftRight(1);
        served.streams.splitShard(STREAM, shard, middle);
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
