package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.ShardPage;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five iterator types, over several segments, before and after reopening. */
class IteratorsTest {

    private static final int RECORDS = 300;
    private static final byte[] FILLER = new byte[2_000];

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final List<SequenceNumber> numbers = new ArrayList<>();
    private final List<Instant> arrivals = new ArrayList<>();

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(
                EmbeddedStreamsSettings.in(folder).withClock(clock).withSegmentBytes(64 << 10));
    }

    private void fill(EmbeddedStreams streams) {
        streams.createStream(STREAM, 1);
        for (int i = 0; i < RECORDS; i++) {
            clock.advance(Duration.ofMillis(500));
            arrivals.add(clock.instant());
            numbers.add(
                    streams.put(STREAM, PutEntry.of(String.valueOf(i), FILLER)).sequenceNumber());
        }
    }

    private static Optional<Integer> first(EmbeddedStreams streams, Position from) {
        return streams.read(STREAM, SHARD_0, from, 1, 1).records().stream()
                .findFirst()
                .map(record -> Integer.valueOf(record.partitionKey()));
    }

    private void assertEachIteratorBeginsRight(EmbeddedStreams streams) {
        assertThat(first(streams, Position.trimHorizon())).contains(0);
        for (int i = 0; i < RECORDS; i++) {
            assertThat(first(streams, Position.at(numbers.get(i)))).contains(i);
            Optional<Integer> next = i + 1 < RECORDS ? Optional.of(i + 1) : Optional.empty();
            assertThat(first(streams, Position.after(numbers.get(i)))).isEqualTo(next);
            assertThat(first(streams, Position.atTimestamp(arrivals.get(i)))).contains(i);
            assertThat(first(streams, Position.atTimestamp(arrivals.get(i).minusMillis(1))))
                    .contains(i);
            assertThat(first(streams, Position.atTimestamp(arrivals.get(i).plusMillis(1))))
                    .isEqualTo(next);
        }
        assertThat(first(streams, streams.latest(STREAM, SHARD_0))).isEmpty();
    }

    @Test
    void every_iterator_type_begins_where_it_should() {
        try (EmbeddedStreams streams = open()) {
            fill(streams);
            assertEachIteratorBeginsRight(streams);
        }
        try (EmbeddedStreams streams = open()) {
            assertEachIteratorBeginsRight(streams);
        }
    }

    @Test
    void latest_gives_what_is_put_later() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            Position emptyTip = streams.latest(STREAM, SHARD_0);
            streams.put(STREAM, PutEntry.of("k", "1"));
            Position tip = streams.latest(STREAM, SHARD_0);
            streams.put(STREAM, PutEntry.of("k", "2"));
            assertThat(texts(streams, SHARD_0, emptyTip)).containsExactly("1", "2");
            assertThat(texts(streams, SHARD_0, tip)).containsExactly("2");
        }
    }

    @Test
    void case_98_at_timestamp_waits_for_and_begins_with_the_first_record_that_arrived_then() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.put(STREAM, PutEntry.of("k", "0"));
            Instant soon = clock.instant().plusSeconds(2);
            try (var reader = StreamTesting.reader(streams, SHARD_0, Position.atTimestamp(soon))) {
                assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
                clock.advance(Duration.ofSeconds(1));
                streams.put(STREAM, PutEntry.of("k", "1"));
                assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
                clock.advance(Duration.ofSeconds(1));
                streams.put(STREAM, PutEntry.of("k", "2"));
                clock.advance(Duration.ofSeconds(-1));
                streams.put(STREAM, PutEntry.of("k", "3"));
                assertThat(texts(StreamTesting.records(reader))).containsExactly("2", "3");
            }
        }
    }

    @Test
    void direct_reads_go_on_from_their_position_and_say_how_far_behind_they_are() {
        try (EmbeddedStreams streams = open()) {
            fill(streams);
            streams.splitShard(STREAM, SHARD_0, BigInteger.TWO.pow(127));
            Optional<Position> from = Optional.of(Position.trimHorizon());
            List<String> keys = new ArrayList<>();
            ShardPage page = streams.read(STREAM, SHARD_0, from.orElseThrow(), 10, 1 << 20);
            assertThat(page.millisBehindLatest()).isEqualTo(145_000);
            while (from.isPresent()) {
                page = streams.read(STREAM, SHARD_0, from.orElseThrow(), 100, 1 << 20);
                page.records().stream().map(Record::partitionKey).forEach(keys::add);
                from = page.next();
            }
            assertThat(keys).isEqualTo(StreamTesting.numberTexts(0, RECORDS));
            assertThat(page.records()).isEmpty();
        }
    }
}
