package io.shardmill.embedded.internal.metadata;

import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.SettableClock;
import io.shardmill.embedded.StreamTesting;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceNumbersTest {

    @TempDir
    Path folder;

    @Test
    void a_number_has_kinesiss_layout() {
        long seed = 20261123;
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            int shard = random.nextInt(100_000);
            long created = 1_700_000_000L + random.nextInt(1_000_000_000);
            long counter = random.nextLong() >>> 1;
            long millis = (created + random.nextInt(1_000_000)) * 1000 + random.nextInt(1000);
            String expected = "2" + hex(created, 9) + hex(shard & 0xF, 1) + hex(counter, 16) + "00"
                    + hex(millis / 1000, 9) + hex(shard, 8) + "2";
            SequenceNumbers numbers = new SequenceNumbers(shard, created);
            SequenceNumber number = numbers.number(counter, millis);
            assertThat(number).hasToString(new BigInteger(expected, 16).toString());
            assertThat(SequenceNumbers.counterOf(number)).isEqualTo(counter);
            assertThat(numbers.isOurs(number)).isTrue();
            assertThat(new SequenceNumbers(shard + 1, created).isOurs(number)).isFalse();
            assertThat(new SequenceNumbers(shard, created + 1).isOurs(number)).isFalse();
        }
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(digits - text.length()) + text;
    }

    @Test
    void a_number_of_kinesiss_documentation_has_this_layout_too() {
        SequenceNumber documented = SequenceNumber.parse("49590338271490256608559692538361571095921575989136588898");
        String hex = new BigInteger(documented.toString()).toString(16);
        assertThat(hex).hasSize(47).startsWith("2").endsWith("2");
        long created = Long.parseLong(hex.substring(1, 10), 16);
        long arrived = Long.parseLong(hex.substring(29, 38), 16);
        int shard = Integer.parseInt(hex.substring(38, 46), 16);
        assertThat(Instant.ofEpochSecond(created)).isBetween("2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z");
        SequenceNumbers numbers = new SequenceNumbers(shard, created);
        assertThat(numbers.number(SequenceNumbers.counterOf(documented), arrived * 1000))
                .isEqualTo(documented);
    }

    /** The checkpoint may outlive the log's tail: what comes later must lie behind it. */
    @Test
    void after_power_loss_has_cut_acknowledged_records_off_every_new_number_is_larger_than_any_ever_given()
            throws IOException {
        long seed = 4711;
        Random random = new Random(seed);
        Set<SequenceNumber> given = new TreeSet<>();
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            streams.createStream(STREAM, 1);
        }
        for (int life = 0; life < 30; life++) {
            SequenceNumber checkpoint;
            try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
                for (int i = 0; i < 20; i++) {
                    SequenceNumber number =
                            streams.put(STREAM, PutEntry.of("k", "x")).sequenceNumber();
                    assertThat(given).as("seed %s", seed).doesNotContain(number);
                    assertThat(given).allMatch(number::isAfter);
                    given.add(number);
                }
                checkpoint = given.stream().reduce((one, other) -> other).orElseThrow();
            }
            Path segment = StreamTesting.lastSegment(folder, StreamTesting.SHARD_0);
            long size = Files.size(segment);
            StreamTesting.cutTo(segment, size - random.nextInt((int) size));
            try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
                SequenceNumber number =
                        streams.put(STREAM, PutEntry.of("k", "new")).sequenceNumber();
                given.add(number);
                assertThat(StreamTesting.records(streams, StreamTesting.SHARD_0, Position.after(checkpoint)))
                        .extracting(Record::sequenceNumber)
                        .containsExactly(number);
            }
        }
    }

    /** Who puts an older copy of the folder back has thrown away what says which numbers were given since. */
    @Test
    void an_older_folder_that_is_put_back_by_hand_gives_only_numbers_above_all_that_were_given_since()
            throws IOException {
        SettableClock clock = new SettableClock();
        EmbeddedStreamsSettings settings =
                EmbeddedStreamsSettings.in(folder.resolve("streams")).withClock(clock);
        try (EmbeddedStreams streams = EmbeddedStreams.open(settings)) {
            streams.createStream(STREAM, 1);
            streams.put(STREAM, PutEntry.of("k", "x"));
        }
        Path older = folder.resolve("older");
        StreamTesting.copyTree(settings.folder(), older);
        SequenceNumber last = SequenceNumber.of(0);
        for (int life = 0; life < 5; life++) {
            clock.advance(Duration.ofSeconds(1));
            try (EmbeddedStreams streams = EmbeddedStreams.open(settings)) {
                last = streams.put(STREAM, PutEntry.of("k", "x")).sequenceNumber();
            }
        }
        Folders.delete(settings.folder());
        StreamTesting.copyTree(older, settings.folder());
        clock.advance(Duration.ofSeconds(1));
        try (EmbeddedStreams streams = EmbeddedStreams.open(settings)) {
            SequenceNumber next = streams.put(STREAM, PutEntry.of("k", "new")).sequenceNumber();
            assertThat(next.isAfter(last)).as("%s is after %s", next, last).isTrue();
            assertThat(StreamTesting.texts(streams, StreamTesting.SHARD_0, Position.after(last)))
                    .containsExactly("new");
        }
    }
}
