package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.copyAsKilled;
import static io.shardmill.embedded.StreamTesting.cutTo;
import static io.shardmill.embedded.StreamTesting.flip;
import static io.shardmill.embedded.StreamTesting.numberTexts;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static io.shardmill.embedded.StreamTesting.records;
import static io.shardmill.embedded.StreamTesting.segments;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.DamagedShardException;
import io.shardmill.embedded.model.NumberRange;
import io.shardmill.embedded.model.RecoveryReport.Finding;
import io.shardmill.embedded.model.RecoveryReport.Kind;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Segments that are not there, not whole, or not where they belong. */
class MissingSegmentsTest {

    private static final int RECORDS = 6_000;

    @TempDir
    Path temporary;

    private Path folder;
    private Path killed;
    private List<Record> written;

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder).withSegmentBytes(64 << 10));
    }

    @BeforeEach
    void write() throws IOException {
        folder = temporary.resolve("streams");
        killed = temporary.resolve("killed");
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            for (int from = 0; from < RECORDS; from += 500) {
                streams.putAll(STREAM, numbers(from, from + 500));
            }
            written = records(streams, SHARD_0, Position.trimHorizon());
            copyAsKilled(folder, killed);
        }
    }

    private enum Harm {
        MISSING {
            @Override
            void apply(Path segment) throws IOException {
                Files.delete(segment);
            }
        },
        EMPTIED {
            @Override
            void apply(Path segment) throws IOException {
                cutTo(segment, 0);
            }
        },
        ZEROED {
            @Override
            void apply(Path segment) throws IOException {
                Files.write(segment, new byte[(int) Files.size(segment)]);
            }
        },
        SHORTENED {
            @Override
            void apply(Path segment) throws IOException {
                cutTo(segment, Files.size(segment) / 2);
            }
        },
        HEADER_FLIPPED {
            @Override
            void apply(Path segment) throws IOException {
                flip(segment, 20);
            }
        };

        abstract void apply(Path segment) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void the_first_segment_is_missed_at_once_and_nothing_is_read_until_it_is_given_up(Harm harm) throws IOException {
        Path first = segments(folder, SHARD_0).get(0);
        harm.apply(first);
        try (EmbeddedStreams streams = open()) {
            assertDamage(streams, first);
            int good = texts(streams).size();
            assertThat(texts(streams)).isEqualTo(numberTexts(0, good));
            assertThat(good).isLessThan(RECORDS / 4);
            assertStops(streams, Position.trimHorizon(), first);
            streams.put(STREAM, PutEntry.of("k", "new"));
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertGoesOnWithTheRest(streams);
        }
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertGoesOnWithTheRest(streams);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_last_segment_is_missed_at_once_and_its_readers_stop_there(Harm harm) throws IOException {
        List<Path> segments = segments(folder, SHARD_0);
        Path last = segments.get(segments.size() - 1);
        harm.apply(last);
        for (int opening = 0; opening < 2; opening++) {
            try (EmbeddedStreams streams = open()) {
                assertDamage(streams, last);
                streams.put(STREAM, PutEntry.of("k", "new"));
                List<String> read = texts(streams);
                assertThat(read).isEqualTo(numberTexts(0, read.size())).hasSizeLessThan(RECORDS);
                assertStops(streams, Position.trimHorizon(), last);
            }
        }
        try (EmbeddedStreams streams = open()) {
            List<Finding> skipped = streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(skipped).isNotEmpty().allMatch(finding -> finding.kind().isDamage());
            assertThat(texts(streams)).endsWith("new", "new");
        }
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertThat(texts(streams)).endsWith("new", "new");
        }
    }

    private static void assertDamage(EmbeddedStreams streams, Path file) {
        assertThat(streams.recovery().report().damages())
                .singleElement()
                .satisfies(finding -> assertThat(finding.segment()).isEqualTo(file));
    }

    private static void assertStops(EmbeddedStreams streams, Position from, Path file) {
        try (ShardReader reader = reader(streams, SHARD_0, from)) {
            ReadResult result = reader.read(1_000, 1 << 20);
            while (result instanceof ReadResult.Records) {
                result = reader.read(1_000, 1 << 20);
            }
            assertThat(result)
                    .isInstanceOfSatisfying(
                            ReadResult.Unavailable.class,
                            unavailable -> assertThat(unavailable.reason())
                                    .contains(
                                            STREAM + "/" + SHARD_0,
                                            file.getFileName().toString(),
                                            "sequence numbers")
                                    .contains("skip-damage"));
        }
    }

    private static void assertGoesOnWithTheRest(EmbeddedStreams streams) {
        assertThat(texts(streams)).endsWith("5998", "5999", "new").doesNotHaveDuplicates();
    }

    @Test
    void an_older_segment_whose_end_is_zeroed_stops_its_readers_until_it_is_given_up() throws IOException {
        Path older = segments(folder, SHARD_0).get(1);
        byte[] content = Files.readAllBytes(older);
        Arrays.fill(content, content.length - 4_096, content.length, (byte) 0);
        Files.write(older, content);
        try (EmbeddedStreams streams = open()) {
            assertStops(streams, Position.trimHorizon(), older);
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(streams)).endsWith("5999").hasSizeBetween(RECORDS - 200, RECORDS - 1);
        }
        try (EmbeddedStreams streams = open()) {
            assertThat(texts(streams)).endsWith("5999");
            assertThat(streams.recovery().report().isClean()).isTrue();
        }
    }

    @Test
    void the_numbers_that_are_lost_are_told() throws IOException {
        Path first = segments(folder, SHARD_0).get(0);
        Files.delete(first);
        try (EmbeddedStreams streams = open()) {
            NumberRange lost = streams.recovery().report().findings().get(0).numbers();
            long missing = written.stream()
                    .map(Record::sequenceNumber)
                    .filter(number ->
                            !lost.from().isAfter(number) && lost.below().isAfter(number))
                    .count();
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(streams)).hasSize(RECORDS - (int) missing);
        }
    }

    @Test
    void a_reader_that_is_past_the_missing_records_does_not_stop() throws IOException {
        SequenceNumber last = written.get(RECORDS - 1).sequenceNumber();
        List<Path> segments = segments(folder, SHARD_0);
        Files.delete(segments.get(0));
        Files.delete(segments.get(segments.size() - 1));
        try (EmbeddedStreams streams = open()) {
            streams.put(STREAM, PutEntry.of("k", "new"));
            assertThat(texts(streams, SHARD_0, Position.after(last))).containsExactly("new");
            Position middle = Position.after(written.get(RECORDS / 2).sequenceNumber());
            assertThat(texts(streams, SHARD_0, middle)).startsWith(String.valueOf(RECORDS / 2 + 1));
            assertStops(streams, middle, segments.get(segments.size() - 1));
        }
    }

    @Test
    void after_kill_9_a_missing_segment_is_damage_too() throws IOException {
        folder = killed;
        List<Path> segments = segments(folder, SHARD_0);
        Path last = segments.get(segments.size() - 1);
        Files.delete(last);
        try (EmbeddedStreams streams = open()) {
            assertDamage(streams, last);
            assertStops(streams, Position.trimHorizon(), last);
        }
    }

    @Test
    void after_the_machine_died_records_that_nobody_forced_may_be_missing_and_that_is_said() throws IOException {
        folder = killed;
        StreamTesting.pretendThatTheMachineDied(folder);
        List<Path> segments = segments(folder, SHARD_0);
        Files.delete(segments.get(segments.size() - 1));
        cutTo(segments.get(segments.size() - 2), 1_000);
        List<String> left;
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().damages()).isEmpty();
            Finding said = streams.recovery().report().findings().get(0);
            assertThat(said.kind()).isEqualTo(Kind.LOST_TAIL);
            left = texts(streams);
            assertThat(left).isEqualTo(numberTexts(0, left.size())).hasSizeLessThan(RECORDS);
            assertThat(said.numbers().from())
                    .isGreaterThan(written.get(left.size() - 1).sequenceNumber());
            streams.put(STREAM, PutEntry.of("k", "new"));
            assertThat(texts(streams)).hasSize(left.size() + 1).endsWith("new");
        }
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertThat(texts(streams)).hasSize(left.size() + 1);
        }
    }

    @Test
    void after_the_machine_died_a_hole_before_the_last_records_is_damage() throws IOException {
        folder = killed;
        StreamTesting.pretendThatTheMachineDied(folder);
        Path second = segments(folder, SHARD_0).get(1);
        Files.delete(second);
        try (EmbeddedStreams streams = open()) {
            assertDamage(streams, second);
        }
    }

    @Test
    void a_segment_under_another_name_is_missed_where_it_belongs_and_not_read_where_it_lies() throws IOException {
        List<Path> segments = segments(folder, SHARD_0);
        String last = segments.get(segments.size() - 1).getFileName().toString();
        long base = Long.parseLong(last.substring(SHARD_0.length() + 1, last.length() - ".log".length()), 16);
        Path elsewhere = segments.get(1).resolveSibling(String.format("%s.%016x.log", SHARD_0, base + 1));
        Files.move(segments.get(1), elsewhere);
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().damages())
                    .extracting(Finding::kind)
                    .containsExactlyInAnyOrder(Kind.MISSING, Kind.MISPLACED);
            assertStops(streams, Position.trimHorizon(), segments.get(1));
            streams.recovery().skipDamage(STREAM, SHARD_0);
            assertThat(texts(streams)).endsWith("5999").doesNotHaveDuplicates();
        }
        assertThat(elsewhere.resolveSibling(elsewhere.getFileName() + ".damaged"))
                .exists();
    }

    @Test
    void the_folders_of_two_streams_that_are_exchanged_are_noticed() throws IOException {
        try (EmbeddedStreams streams = open()) {
            streams.createStream("others", 1);
            streams.putAll("others", numbers(0, 3));
        }
        List<Path> folders;
        try (var entries = Files.list(folder)) {
            folders = entries.filter(Files::isDirectory).sorted().toList();
        }
        Path aside = folder.resolve("aside");
        Files.move(folders.get(0), aside);
        Files.move(folders.get(1), folders.get(0));
        Files.move(aside, folders.get(1));
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().damages())
                    .extracting(finding -> finding.shard().stream())
                    .contains(STREAM, "others");
            assertThat(texts(streams)).isEmpty();
            assertThatThrownBy(() -> streams.read("others", SHARD_0, Position.trimHorizon(), 10, 1_000))
                    .isInstanceOf(DamagedShardException.class)
                    .hasMessageContaining("others/" + SHARD_0);
        }
    }

    @Test
    void one_damaged_shard_leaves_the_others_as_they_are() throws IOException {
        try (EmbeddedStreams streams = open()) {
            streams.createStream("others", 4);
            streams.putAll("others", numbers(0, 100));
        }
        Files.delete(segments(folder, SHARD_0).get(0));
        try (EmbeddedStreams streams = open()) {
            int read = 0;
            for (StreamInfo.ShardInfo shard : streams.describe("others").shards()) {
                read += streams.read("others", shard.id(), Position.trimHorizon(), 1_000, 1 << 20)
                        .records()
                        .size();
            }
            assertThat(read).isEqualTo(100);
        }
    }
}
