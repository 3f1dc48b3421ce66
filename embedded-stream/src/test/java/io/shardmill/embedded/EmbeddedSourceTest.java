package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.STREAM;

import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamSourceContract;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class EmbeddedSourceTest extends StreamSourceContract {

    private final SettableClock clock = new SettableClock();
    private final EmbeddedStreams streams = EmbeddedStreams.temporary(clock);

    @BeforeEach
    void create() {
        streams.createStream(STREAM, 2);
    }

    @AfterEach
    void close() {
        streams.close();
    }

    @Override
    protected StreamSource source() {
        return streams.find(STREAM).orElseThrow();
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void advance(Duration step) {
        clock.advance(step);
    }

    private ShardInfo info(String shard) {
        return streams.describe(STREAM).shards().stream()
                .filter(info -> info.id().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        PutEntry entry =
                PutEntry.of("key", text).withExplicitHashKey(info(shard).startingHashKey());
        return streams.put(STREAM, entry).sequenceNumber();
    }

    @Override
    protected void split(String shard) {
        ShardInfo info = info(shard);
        BigInteger middle = info.startingHashKey().add(info.endingHashKey()).shiftRight(1);
        streams.splitShard(STREAM, shard, middle);
    }

    @Override
    protected void merge(String first, String second) {
        streams.mergeShards(STREAM, first, second);
    }

    @Override
    protected void delete() {
        streams.deleteStream(STREAM);
    }

    @Override
    protected void createAgain() {
        create();
    }
}
