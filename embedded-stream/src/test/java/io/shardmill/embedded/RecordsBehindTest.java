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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts over segments and openings, whose numbers are far apart. */
class RecordsBehindTest {

    private static final int SEGMENT_BYTES = 64 << 10;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(
                EmbeddedStreamsSettings.in(folder).withClock(clock).withSegmentBytes(SEGMENT_BYTES));
    }

    private static OptionalLong behind(EmbeddedStreams streams, Position from) {
        try (ShardReader reader = reader(streams, SHARD_0, from)) {
            return reader.recordsBehind();
        }
    }

    @Test
    void records_of_all_openings_and_segments_count_once() {
        int put = 0;
        for (int opening = 0; opening < 3; opening++) {
            try (EmbeddedStreams streams = open()) {
                streams.ensureStream(STREAM, 1);
                for (int large = 0; large < 10; large++) {
                    streams.put(STREAM, PutEntry.of("k", new byte[SEGMENT_BYTES / 3]));
                }
                streams.putAll(STREAM, numbers(0, 90));
                put += 100;
                assertThat(behind(streams, Position.trimHorizon())).hasValue(put);
            }
        }
        try (EmbeddedStreams streams = open();
                ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
            while (reader.read(7, 1 << 20) instanceof ReadResult.Records read) {
                put -= read.records().size();
                assertThat(reader.recordsBehind()).hasValue(put);
            }
            assertThat(put).isZero();
        }
    }

    @Test
    void trimmed_records_dont_count() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 10));
            clock.advance(Duration.ofHours(25));
            streams.putAll(STREAM, numbers(10, 14));
            streams.applyRetention();
            assertThat(behind(streams, Position.trimHorizon())).hasValue(4);
        }
    }

    @Test
    void a_time_is_known_when_a_record_was_read_or_none_is_left() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 10));
            Instant later = clock.instant().plusSeconds(1);
            try (ShardReader reader = reader(streams, SHARD_0, Position.atTimestamp(later))) {
                assertThat(reader.recordsBehind()).isEmpty();
                reader.read(10, 1_000);
                assertThat(reader.recordsBehind()).hasValue(0);
                clock.advance(Duration.ofSeconds(2));
                streams.putAll(STREAM, numbers(10, 13));
                reader.read(1, 1_000);
                assertThat(reader.recordsBehind()).hasValue(2);
            }
        }
    }

    @Test
    void a_deleted_stream_has_no_count() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 10));
            try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
                streams.deleteStream(STREAM);
                assertThat(reader.recordsBehind()).isEmpty();
            }
        }
    }
}
