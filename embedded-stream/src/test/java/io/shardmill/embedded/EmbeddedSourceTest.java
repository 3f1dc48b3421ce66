package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.ReshardingSourceContract;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamSource;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedSourceTest extends ReshardingSourceContract {

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

    @Test
    void a_listener_is_called_when_the_stream_comes_or_goes() throws Exception {
        Semaphore calls = new Semaphore(0);
        try (AutoCloseable listening = source().onChange(calls::release)) {
            assertCalled(calls, this::delete);
            assertCalled(calls, this::createAgain);
            assertThat(listening).isNotNull();
        }
    }

    @Test
    void latest_is_the_tip_even_if_the_time_is_the_same() {
        put(first(), "old");
        ShardStart start = source().starts(StartingPosition.of("LATEST", null)).get(first());
        put(first(), "new");

        assertThat(texts(first(), start)).containsExactly("new");
    }

    private String first() {
        return source().describe().shards().get(0).id();
    }
}
