package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numberTexts;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static io.shardmill.embedded.StreamTesting.records;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PutAndReadTest {

    @TempDir
    Path folder;

    @Test
    void what_was_put_is_read_in_order_and_again_after_reopening() {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 2_500));
            streams.putAll(STREAM, numbers(2_500, 2_501));
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 2_501));
        }
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            streams.putAll(STREAM, numbers(2_501, 2_502));
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 2_502));
        }
    }

    @Test
    void a_put_larger_than_the_write_buffer_is_kept_whole_and_again_after_reopening() {
        List<PutEntry> entries = IntStream.range(0, 500)
                .mapToObj(i -> PutEntry.of(
                        "key-" + i, String.valueOf((char) ('a' + i % 26)).repeat(i * 37)))
                .toList();
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, entries);
            assertHolds(streams, entries);
        }
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertHolds(streams, entries);
        }
    }

    private static void assertHolds(EmbeddedStreams streams, List<PutEntry> entries) {
        List<Record> read = records(streams, SHARD_0, Position.trimHorizon());
        assertThat(read)
                .extracting(Record::partitionKey)
                .isEqualTo(entries.stream().map(PutEntry::partitionKey).toList());
        assertThat(texts(read))
                .isEqualTo(entries.stream()
                        .map(entry -> new String(entry.data(), StandardCharsets.UTF_8))
                        .toList());
    }

    @Test
    void a_record_comes_back_as_it_was_put() {
        SettableClock clock = new SettableClock();
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(clock)) {
            streams.createStream(STREAM, 1);
            clock.advance(Duration.ofMillis(123));
            byte[] data = {0, -1, 5};
            PutResult.Stored stored = streams.put(STREAM, PutEntry.of("Zürich 🚆", data));
            Record read = records(streams, SHARD_0, Position.trimHorizon()).get(0);
            assertThat(read.partitionKey()).isEqualTo("Zürich 🚆");
            assertThat(read.bytes()).isEqualTo(data);
            assertThat(read.approximateArrivalTimestamp()).isEqualTo(clock.instant());
            assertThat(read.sequenceNumber()).isEqualTo(stored.sequenceNumber());
            assertThat(read.shard()).isEqualTo(stored.shard());
            assertThat(streams.describe(STREAM).arn())
                    .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/orders");
        }
    }

    @Test
    void a_read_keeps_to_its_limits_but_gives_one_record_however_large() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock())) {
            streams.createStream(STREAM, 1);
            for (int size : new int[] {900_000, 10, 20, 300_000, 5}) {
                streams.put(STREAM, PutEntry.of("k", new byte[size]));
            }
            try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
                assertThat(sizes(reader.read(10, 1_000))).containsExactly(900_000);
                assertThat(sizes(reader.read(1, 1_000))).containsExactly(10);
                assertThat(sizes(reader.read(10, 1_000))).containsExactly(20);
                assertThat(sizes(reader.read(10, 10_000_000))).containsExactly(300_000, 5);
                assertThat(reader.read(10, 1_000)).isEqualTo(new ReadResult.Nothing(true));
            }
        }
    }

    private static List<Integer> sizes(ReadResult result) {
        return ((ReadResult.Records) result)
                .records().stream().map(Record::size).toList();
    }

    @Test
    void case_106_the_keys_md5_picks_the_shard_and_an_explicit_hash_key_overrides_it() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock())) {
            streams.createStream(STREAM, 4);
            // MD5 of "a" begins with 0c, of "b" with 92, of "d" with 82, of "c" with 4a.
            assertThat(shardOf(streams, PutEntry.of("a", ""))).isEqualTo("shardId-000000000000");
            assertThat(shardOf(streams, PutEntry.of("c", ""))).isEqualTo("shardId-000000000001");
            assertThat(shardOf(streams, PutEntry.of("d", ""))).isEqualTo("shardId-000000000002");
            PutEntry entry = PutEntry.of("a", "");
            BigInteger ring = BigInteger.TWO.pow(128);
            assertThat(shardOf(streams, entry.withExplicitHashKey(BigInteger.ZERO)))
                    .isEqualTo("shardId-000000000000");
            assertThat(shardOf(streams, entry.withExplicitHashKey(ring.subtract(BigInteger.ONE))))
                    .isEqualTo("shardId-000000000003");
            assertThat(shardOf(streams, entry.withExplicitHashKey(ring.shiftRight(2))))
                    .isEqualTo("shardId-000000000001");
            assertThat(shardOf(
                            streams,
                            entry.withExplicitHashKey(ring.shiftRight(2).subtract(BigInteger.ONE))))
                    .isEqualTo("shardId-000000000000");
            for (BigInteger outside : List.of(ring, BigInteger.ONE.negate())) {
                assertThatThrownBy(() -> streams.put(STREAM, entry.withExplicitHashKey(outside)))
                        .isInstanceOfSatisfying(
                                PutRejectedException.class,
                                rejected -> assertThat(rejected.errorCode()).isEqualTo("InvalidArgumentException"))
                        .hasMessageContaining(outside.toString());
            }
        }
    }

    private static String shardOf(EmbeddedStreams streams, PutEntry entry) {
        return streams.put(STREAM, entry).shard().id();
    }

    @Test
    void case_110_a_record_above_one_mebibyte_is_rejected_until_the_stream_takes_more() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock())) {
            streams.createStream(STREAM, 1);
            PutEntry fits = PutEntry.of("k", new byte[(1 << 20) - 1]);
            PutEntry large = PutEntry.of("k", new byte[1 << 20]);
            PutEntry largest = PutEntry.of("k", new byte[(10 << 20) - 1]);
            streams.put(STREAM, fits);
            assertThatThrownBy(() -> streams.put(STREAM, large))
                    .isInstanceOf(PutRejectedException.class)
                    .hasMessageContaining("1048577")
                    .hasMessageContaining("1048576");
            streams.updateMaxRecordBytes(STREAM, 10 << 20);
            streams.put(STREAM, large);
            streams.put(STREAM, largest);
            assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("kk", new byte[(10 << 20) - 1])))
                    .isInstanceOf(PutRejectedException.class);
            assertThatThrownBy(() -> streams.updateMaxRecordBytes(STREAM, (10 << 20) + 1))
                    .isInstanceOf(StreamRequestException.class);
            assertThat(records(streams, SHARD_0, Position.trimHorizon()))
                    .extracting(Record::size)
                    .containsExactly((1 << 20) - 1, 1 << 20, (10 << 20) - 1);
        }
    }

    @Test
    void a_partition_key_has_one_to_256_unicode_characters() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock())) {
            streams.createStream(STREAM, 1);
            streams.put(STREAM, PutEntry.of("k", ""));
            streams.put(STREAM, PutEntry.of("🚆".repeat(256), ""));
            for (String key : List.of("", "k".repeat(257), "🚆".repeat(257), "broken \uD83D")) {
                assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of(key, "")))
                        .isInstanceOf(PutRejectedException.class)
                        .hasMessageContaining("partition key");
            }
            assertThat(records(streams, SHARD_0, Position.trimHorizon())).hasSize(2);
        }
    }

    @Test
    void put_all_tells_of_each_record_alone_and_keeps_the_lists_order() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock())) {
            streams.createStream(STREAM, 1);
            List<PutResult> results =
                    streams.putAll(STREAM, List.of(PutEntry.of("k", "1"), PutEntry.of("", "2"), PutEntry.of("k", "3")));
            assertThat(results).hasSize(3);
            assertThat(results.get(1))
                    .isInstanceOfSatisfying(
                            PutResult.Rejected.class,
                            rejected -> assertThat(rejected.errorCode()).isEqualTo("ValidationException"));
            assertThat(((PutResult.Stored) results.get(2)).sequenceNumber())
                    .isGreaterThan(((PutResult.Stored) results.get(0)).sequenceNumber());
            assertThat(texts(streams)).containsExactly("1", "3");
            assertThat(streams.putAll(STREAM, List.of())).isEmpty();
        }
    }

    @Test
    void a_missing_stream_is_a_clear_error() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock())) {
            assertThatThrownBy(() -> streams.put("nowhere", PutEntry.of("k", "")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'nowhere'")
                    .hasMessageContaining("createStream");
        }
    }

    @Test
    void after_close_nothing_goes_and_readers_say_why() {
        EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder));
        streams.createStream(STREAM, 1);
        ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon());
        streams.close();
        streams.close();
        assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("k", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(reader.read(1, 1))
                .isInstanceOfSatisfying(
                        ReadResult.Unavailable.class,
                        result -> assertThat(result.reason()).contains("closed"));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("shardmill-"));
    }
}
