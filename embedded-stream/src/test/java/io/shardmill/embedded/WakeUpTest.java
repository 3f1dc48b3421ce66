package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WakeUpTest {

    private EmbeddedStreams streams;

    @BeforeEach
    void open() {
        streams = EmbeddedStreams.temporary(new SettableClock());
        streams.createStream(STREAM, 1);
    }

    @AfterEach
    void close() {
        streams.close();
    }

    /** The reader sleeps after each Nothing, for good if a wake-up is lost; the writer keeps hitting that moment. */
    @Test
    void noWakeUpIsLostHoweverReadsAndPutsRace() throws Exception {
        int records = 20_000;
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> readAllOf(records));
        for (int i = 0; i < records; i++) {
            streams.put(STREAM, PutEntry.of("k", "x"));
        }
        assertThat(reading.get(60, TimeUnit.SECONDS)).isEqualTo(records);
    }

    private int readAllOf(int records) {
        Semaphore wakes = new Semaphore(0);
        int read = 0;
        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon(), wakes::release)) {
            while (read < records) {
                if (reader.read(100, 1 << 20) instanceof ReadResult.Records found) {
                    read += found.records().size();
                } else {
                    wakes.acquireUninterruptibly();
                }
            }
        }
        return read;
    }

    @Test
    void aReaderIsWokenOnlyAfterNothingAndNeverAfterClose() {
        AtomicInteger wakes = new AtomicInteger();
        ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon(), wakes::incrementAndGet);
        streams.putAll(STREAM, numbers(0, 3));
        assertThat(wakes).hasValue(0);
        reader.read(10, 1000);
        streams.putAll(STREAM, numbers(3, 6));
        assertThat(wakes).hasValue(0);
        reader.read(10, 1000);
        assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
        streams.putAll(STREAM, numbers(6, 9));
        streams.putAll(STREAM, numbers(9, 12));
        assertThat(wakes).hasValue(1);
        reader.read(10, 1000);
        assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
        reader.close();
        streams.putAll(STREAM, numbers(12, 15));
        assertThat(wakes).hasValue(1);
    }

    @Test
    void aWakeUpThatThrowsOrPutsHurtsNobody() {
        ShardReader throwing = reader(streams, SHARD_0, Position.trimHorizon(), () -> {
            throw new AssertionError("planted");
        });
        ShardReader putting =
                reader(streams, SHARD_0, Position.trimHorizon(), () -> streams.put(STREAM, PutEntry.of("k", "mine")));
        throwing.read(1, 1);
        putting.read(1, 1);
        streams.putAll(STREAM, numbers(0, 3));
        streams.putAll(STREAM, numbers(3, 6));
        assertThat(StreamTesting.texts(streams)).isEqualTo(StreamTesting.numberTexts(0, 6));
    }
}
