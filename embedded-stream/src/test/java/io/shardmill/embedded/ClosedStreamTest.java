package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numberTexts;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that was moved takes no records any more, and keeps those that it has. */
class ClosedStreamTest {

    private static final String SHARD_1 = "shardId-000000000001";

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private EmbeddedStreams streams;

    @BeforeEach
    void open() {
        streams = open(folder.resolve("streams"));
    }

    private EmbeddedStreams open(Path in) {
        return EmbeddedStreams.open(EmbeddedStreamsSettings.in(in).withClock(clock));
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private void assertClosed(EmbeddedStreams opened) {
        assertThat(opened.describe(STREAM).openShards()).isEmpty();
        assertThatThrownBy(() -> opened.put(STREAM, PutEntry.of("key", "late")))
                .isInstanceOf(StreamRequestException.class)
                .hasMessage(
                        "embedded stream 'orders' was moved and takes no records any more: put into the stream that it"
                                + " was moved to, which shardmill.streams.orders.kinesis names; to use 'orders' again, delete it"
                                + " and create it anew");
    }

    @Test
    void it_refuses_puts_and_its_shards_are_read_to_their_end() {
        streams.createStream(STREAM, 1);
        streams.putAll(STREAM, numbers(0, 20));
        streams.closeStream(STREAM);

        assertClosed(streams);
        assertThatThrownBy(() -> streams.putAll(STREAM, numbers(0, 2), (shard, bytes) -> null))
                .isInstanceOf(StreamRequestException.class);
        assertThat(texts(streams)).isEqualTo(numberTexts(0, 20));
        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
            assertThat(reader.read(100, 1 << 20)).isInstanceOf(ReadResult.Records.class);
            assertThat(reader.read(100, 1 << 20)).isEqualTo(new ReadResult.ShardEnded());
        }
        ShardInfo shard = streams.describe(STREAM).shards().get(0);
        assertThat(shard.children()).isEmpty();
        assertThat(shard.lifetime().closed()).contains(clock.instant());
    }

    @Test
    void a_reader_at_the_tip_is_woken_and_learns_the_end() throws InterruptedException {
        streams.createStream(STREAM, 1);
        Semaphore wakes = new Semaphore(0);
        Semaphore changes = new Semaphore(0);
        AutoCloseable unusedWatch = streams.find(STREAM).orElseThrow().onChange(changes::release);
        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon(), wakes::release)) {
            assertThat(reader.read(100, 1 << 20)).isEqualTo(new ReadResult.Nothing(true));
            streams.closeStream(STREAM);

            assertThat(wakes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            assertThat(changes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            assertThat(reader.read(100, 1 << 20)).isEqualTo(new ReadResult.ShardEnded());
        }
    }

    @Test
    void it_cannot_be_resharded() {
        streams.createStream(STREAM, 2);
        streams.closeStream(STREAM);

        assertThatThrownBy(() -> streams.splitShard(STREAM, SHARD_0, BigInteger.TEN))
                .isInstanceOf(StreamRequestException.class)
                .hasMessageContaining("was moved");
        assertThatThrownBy(() -> streams.mergeShards(STREAM, SHARD_0, SHARD_1)).hasMessageContaining("was moved");
        assertThatThrownBy(() -> streams.updateShardCount(STREAM, 1)).hasMessageContaining("was moved");
    }

    @Test
    void it_stays_closed_and_may_be_closed_again() {
        streams.createStream(STREAM, 2);
        streams.putAll(STREAM, numbers(0, 20));
        streams.closeStream(STREAM);
        List<ShardInfo> shards = streams.describe(STREAM).shards();
        streams.closeStream(STREAM);
        streams.close();
        streams = open(folder.resolve("streams"));

        assertClosed(streams);
        clock.advance(Duration.ofSeconds(10));
        streams.closeStream(STREAM);
        assertThat(streams.describe(STREAM).shards()).isEqualTo(shards);
        assertThat(streams.recovery().report().isClean()).isTrue();
    }

    @Test
    void it_is_closed_when_that_returns_also_after_kill_9() throws Exception {
        streams.createStream(STREAM, 1);
        streams.putAll(STREAM, numbers(0, 20));
        streams.closeStream(STREAM);
        Path killed = folder.resolve("killed");
        StreamTesting.copyAsKilled(folder.resolve("streams"), killed);

        try (EmbeddedStreams reopened = open(killed)) {
            assertClosed(reopened);
            assertThat(texts(reopened)).isEqualTo(numberTexts(0, 20));
        }
    }

    @Test
    void what_is_put_while_it_closes_is_stored_or_refused() throws Exception {
        streams.createStream(STREAM, 2);
        CountDownLatch some = new CountDownLatch(100);
        CompletableFuture<List<String>> putting = CompletableFuture.supplyAsync(() -> {
            List<String> stored = new ArrayList<>();
            try {
                while (true) {
                    String text = Integer.toString(stored.size());
                    PutResult.Stored unused = streams.put(STREAM, PutEntry.of("key", text));
                    stored.add(text);
                    some.countDown();
                }
            } catch (StreamRequestException closed) {
                return stored;
            }
        });
        assertThat(some.await(30, TimeUnit.SECONDS)).isTrue();
        streams.closeStream(STREAM);

        List<String> read = new ArrayList<>(texts(streams));
        read.addAll(texts(streams, SHARD_1, Position.trimHorizon()));
        assertThat(read).isEqualTo(putting.get(30, TimeUnit.SECONDS));
    }

    @Test
    void its_records_and_then_its_shards_expire() {
        streams.createStream(STREAM, 2);
        streams.putAll(STREAM, numbers(0, 20));
        streams.closeStream(STREAM);
        clock.advance(Duration.ofHours(25));
        streams.applyRetention();
        assertThat(streams.describe(STREAM).shards()).isEmpty();
        streams.close();
        streams = open(folder.resolve("streams"));

        assertClosed(streams);
        assertThat(streams.find(STREAM).orElseThrow().describe().shards()).isEmpty();
    }

    @Test
    void a_mapping_that_begins_at_LATEST_has_nothing_to_read_of_it() {
        streams.createStream(STREAM, 1);
        streams.putAll(STREAM, numbers(0, 20));
        streams.closeStream(STREAM);

        assertThat(streams.find(STREAM).orElseThrow().starts(new StartingPosition.Latest()))
                .containsEntry(SHARD_0, ShardStart.SKIP);
    }

    @Test
    void it_can_be_deleted_and_created_anew() {
        streams.createStream(STREAM, 1);
        streams.closeStream(STREAM);
        streams.deleteStream(STREAM);
        streams.createStream(STREAM, 1);
        streams.putAll(STREAM, numbers(0, 1));

        assertThat(texts(streams)).isEqualTo(numberTexts(0, 1));
    }
}
