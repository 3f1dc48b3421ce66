package io.shardmill.embedded.internal.log;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.copyAsKilled;
import static io.shardmill.embedded.StreamTesting.cutTo;
import static io.shardmill.embedded.StreamTesting.flip;
import static io.shardmill.embedded.StreamTesting.lastSegment;
import static io.shardmill.embedded.StreamTesting.numberTexts;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static io.shardmill.embedded.StreamTesting.records;
import static io.shardmill.embedded.StreamTesting.segments;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.internal.files.MappedFiles;
import io.shardmill.embedded.internal.metadata.MetadataFile;
import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done about files that are not as they were written. */
class RecoveryTest {

    @TempDir
    Path temporary;

    private Path folder;
    private byte[] metadata = {};

    @BeforeEach
    void begin() {
        folder = temporary.resolve("streams");
    }

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder).withSegmentBytes(64 << 10));
    }

    private void write(int records) {
        try (EmbeddedStreams streams = open()) {
            streams.ensureStream(STREAM, 1);
            for (int from = 0; from < records; from += 500) {
                streams.putAll(STREAM, numbers(from, Math.min(from + 500, records)));
            }
        }
    }

    /** The same, but the process is killed before it has closed the streams. */
    private void writeAndDie(int records) throws IOException {
        Path image = temporary.resolve("killed");
        try (EmbeddedStreams streams = open()) {
            streams.ensureStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, records));
            copyAsKilled(folder, image);
        }
        folder = image;
        metadata = Files.readAllBytes(folder.resolve(MetadataFile.NAME));
        Path segment = lastSegment(folder, SHARD_0);
        cutTo(
                segment,
                SegmentScan.of(MappedFiles.map(segment), SegmentHeader.of(segment))
                        .end());
    }

    /** As it was when the process was killed. */
    private void dieAgain(Path segment, byte[] content) throws IOException {
        Files.write(folder.resolve(MetadataFile.NAME), metadata);
        Files.delete(folder.resolve("lock"));
        for (Path later : segments(folder, SHARD_0)) {
            Files.delete(later);
        }
        Files.write(segment, content);
    }

    @Test
    void a_tail_torn_at_any_byte_of_the_last_record_is_cut_and_reported() throws IOException {
        writeAndDie(5);
        Path segment = lastSegment(folder, SHARD_0);
        byte[] whole = Files.readAllBytes(segment);
        int lastFrame = Frame.OVERHEAD_BYTES + "key-4".length() + "4".length();
        for (int missing = 1; missing < lastFrame; missing++) {
            dieAgain(segment, whole);
            cutTo(segment, whole.length - missing);
            try (EmbeddedStreams streams = open()) {
                assertThat(texts(streams)).isEqualTo(numberTexts(0, 4));
                RecoveryReport.Finding finding =
                        streams.recovery().report().findings().get(0);
                assertThat(finding.kind()).isEqualTo(RecoveryReport.Kind.TORN_TAIL);
                assertThat(finding.shard()).isEqualTo(new Shard(STREAM, SHARD_0));
                assertThat(finding.segment()).isEqualTo(segment);
                assertThat(finding.from()).isEqualTo(whole.length - lastFrame);
                assertThat(finding.bytes()).isBetween(1L, (long) lastFrame - missing);
                streams.put(STREAM, PutEntry.of("k", "next"));
                assertThat(texts(streams)).containsExactly("0", "1", "2", "3", "next");
            }
        }
    }

    @Test
    void a_last_record_corrupt_in_any_byte_is_cut_and_reported() throws IOException {
        writeAndDie(5);
        Path segment = lastSegment(folder, SHARD_0);
        byte[] whole = Files.readAllBytes(segment);
        int lastFrame = Frame.OVERHEAD_BYTES + "key-4".length() + "4".length();
        for (int at = whole.length - lastFrame; at < whole.length; at++) {
            dieAgain(segment, whole);
            flip(segment, at);
            try (EmbeddedStreams streams = open()) {
                assertThat(texts(streams)).isEqualTo(numberTexts(0, 4));
                assertThat(streams.recovery().report().findings()).hasSize(1);
                assertThat(streams.recovery().report().findings().get(0).kind())
                        .isEqualTo(RecoveryReport.Kind.TORN_TAIL);
            }
        }
    }

    @Test
    void zeros_behind_the_last_record_are_free_space_and_no_finding() throws IOException {
        writeAndDie(5);
        Path segment = lastSegment(folder, SHARD_0);
        cutTo(segment, Files.size(segment) + 100_000);
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 5));
        }
    }

    @Test
    void a_segment_cut_short_while_it_was_made_is_dropped() throws IOException {
        write(5);
        Path segment = lastSegment(folder, SHARD_0);
        byte[] header = Files.readAllBytes(segment);
        Path next = segment.resolveSibling(SHARD_0 + ".7fffffff00000000.log");
        for (int size = 0; size < SegmentHeader.BYTES; size++) {
            Files.write(next, Arrays.copyOf(header, size));
            try (EmbeddedStreams streams = open()) {
                assertThat(texts(streams)).isEqualTo(numberTexts(0, 5));
                assertThat(next).doesNotExist();
            }
        }
    }

    @Test
    void a_corrupt_record_in_the_middle_stops_reading_there_until_an_operator_gives_it_up() throws IOException {
        write(10);
        Path segment = lastSegment(folder, SHARD_0);
        int frame = Frame.OVERHEAD_BYTES + "key-0".length() + 1;
        long damaged = SegmentHeader.BYTES + 3L * frame;
        for (int at = 0; at < frame; at++) {
            flip(segment, damaged + at);
            try (EmbeddedStreams streams = open()) {
                RecoveryReport.Finding finding =
                        streams.recovery().report().findings().get(0);
                assertThat(finding.kind()).isEqualTo(RecoveryReport.Kind.CHANGED);
                assertThat(finding.from()).isEqualTo(damaged);
                assertThat(finding.bytes()).isEqualTo(frame);
                assertStopsBehind(streams, 3, segment, damaged);
            }
            flip(segment, damaged + at);
        }
        flip(segment, damaged + 25);
        try (EmbeddedStreams streams = open()) {
            streams.put(STREAM, PutEntry.of("k", "10"));
            assertStopsBehind(streams, 3, segment, damaged);
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(streams)).containsExactly("0", "1", "2", "4", "5", "6", "7", "8", "9", "10");
            assertThat(streams.recovery().report().isClean()).isTrue();
            streams.put(STREAM, PutEntry.of("k", "11"));
        }
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertThat(texts(streams)).endsWith("9", "10", "11").hasSize(11);
        }
    }

    private static void assertStopsBehind(EmbeddedStreams streams, int good, Path segment, long offset) {
        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
            assertThat(texts(records(reader))).isEqualTo(numberTexts(0, good));
            for (int again = 0; again < 2; again++) {
                assertThat(reader.read(10, 1000))
                        .isInstanceOfSatisfying(
                                ReadResult.Unavailable.class,
                                result -> assertThat(result.reason())
                                        .contains(segment.getFileName().toString(), "byte " + offset, "skip-damage"));
            }
        }
    }

    @Test
    void a_reader_stopped_by_damage_goes_on_when_it_is_given_up() throws IOException {
        write(10);
        Path segment = lastSegment(folder, SHARD_0);
        flip(segment, SegmentHeader.BYTES + 3);
        try (EmbeddedStreams streams = open();
                ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
            assertThat(reader.read(10, 1000)).isInstanceOf(ReadResult.Unavailable.class);
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(records(reader))).isEqualTo(numberTexts(1, 10));
        }
    }

    @Test
    void damage_in_an_older_segment_is_found_when_it_is_read_and_never_skipped() throws IOException {
        write(6_000);
        List<Path> segments = segments(folder, SHARD_0);
        assertThat(segments).hasSizeGreaterThan(3);
        Path older = segments.get(1);
        flip(older, Files.size(older) / 2);
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            List<String> read = texts(streams);
            assertThat(read).hasSizeLessThan(6_000).isEqualTo(numberTexts(0, read.size()));
            assertThat(streams.recovery().report().findings()).hasSize(1);
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(streams)).hasSize(5_999).doesNotContain(String.valueOf(read.size()));
        }
    }

    @Test
    void an_older_segment_that_is_cut_short_or_missing_is_noticed() throws IOException {
        write(6_000);
        List<Path> segments = segments(folder, SHARD_0);
        byte[] whole = Files.readAllBytes(segments.get(1));
        SequenceNumber lastBefore;
        cutTo(segments.get(1), whole.length - 50);
        try (EmbeddedStreams streams = open()) {
            List<String> read = texts(streams);
            assertThat(read).hasSizeLessThan(6_000).isEqualTo(numberTexts(0, read.size()));
            var records = records(streams, SHARD_0, Position.trimHorizon());
            lastBefore = records.get(records.size() - 1).sequenceNumber();
            assertStopsThere(streams, Position.after(lastBefore));
        }
        Files.delete(segments.get(1));
        try (EmbeddedStreams streams = open()) {
            List<String> read = texts(streams);
            assertThat(read).hasSizeLessThan(6_000).isEqualTo(numberTexts(0, read.size()));
            assertStopsThere(streams, Position.after(lastBefore));
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(streams)).endsWith("5999").hasSizeLessThan(6_000);
        }
    }

    private static void assertStopsThere(EmbeddedStreams streams, Position from) {
        try (ShardReader reader = reader(streams, SHARD_0, from)) {
            assertThat(reader.read(10, 1000)).isInstanceOf(ReadResult.Unavailable.class);
        }
    }
}
