package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.reader;
import static io.shardmill.embedded.StreamTesting.records;
import static io.shardmill.embedded.StreamTesting.segments;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest extends OpenStreams {

    private final List<SequenceNumber> numbers = new ArrayList<>();

    @Override
    EmbeddedStreamsSettings settings() {
        return super.settings().withSegmentBytes(64 << 10).withRetention(Duration.ofHours(24));
    }

    /** A record of 10 KB every hour. */
    private void putHourly(int hours) {
        for (int i = 0; i < hours; i++) {
            numbers.add(streams.put(STREAM, PutEntry.of("k", new byte[10_000])).sequenceNumber());
            clock.advance(Duration.ofHours(1));
        }
    }

    private List<SequenceNumber> readable() {
        return records(streams, SHARD_0, Position.trimHorizon()).stream()
                .map(Record::sequenceNumber)
                .toList();
    }

    @Test
    void whole_segments_go_when_all_their_records_are_old_enough() throws IOException {
        streams.createStream(STREAM, 1);
        putHourly(60);
        streams.applyRetention();
        List<SequenceNumber> kept = readable();
        assertThat(kept).isEqualTo(numbers.subList(60 - kept.size(), 60)).hasSizeBetween(24, 24 + 6);
        reopen();
        streams.applyRetention();
        assertThat(readable()).isEqualTo(kept);
        clock.advance(Duration.ofDays(2));
        streams.applyRetention();
        assertThat(readable()).isEmpty();
        assertThat(segments(folder, SHARD_0)).hasSize(1);
    }

    @Test
    void case_97_a_reader_whose_records_are_gone_is_told_once_and_goes_on_at_the_oldest_kept() {
        streams.createStream(STREAM, 1);
        putHourly(60);
        ShardReader reading = reader(streams, SHARD_0, Position.trimHorizon());
        assertThat(reading.read(1, 1)).isInstanceOf(ReadResult.Records.class);
        streams.applyRetention();
        assertGoesOnAtTheOldest(reading);
        assertGoesOnAtTheOldest(reader(streams, SHARD_0, Position.after(numbers.get(3))));
        assertGoesOnAtTheOldest(reader(streams, SHARD_0, Position.at(numbers.get(3))));
        reopen();
        assertGoesOnAtTheOldest(reader(streams, SHARD_0, Position.after(numbers.get(3))));
        clock.advance(Duration.ofDays(2));
        streams.applyRetention();
        reopen();
        ShardReader late = reader(streams, SHARD_0, Position.after(numbers.get(3)));
        assertThat(late.read(1, 1)).isInstanceOf(ReadResult.Trimmed.class);
        assertThat(late.read(1, 1)).isEqualTo(new ReadResult.Nothing(true));
    }

    private void assertGoesOnAtTheOldest(ShardReader reader) {
        ReadResult.Trimmed trimmed = (ReadResult.Trimmed) reader.read(10, 1 << 20);
        List<SequenceNumber> kept = readable();
        assertThat(records(reader)).extracting(Record::sequenceNumber).isEqualTo(kept);
        assertThat(records(streams, SHARD_0, trimmed.next()))
                .extracting(Record::sequenceNumber)
                .isEqualTo(kept);
    }

    @Test
    void a_reader_that_missed_nothing_is_not_told_of_trimming() {
        streams.createStream(STREAM, 1);
        putHourly(60);
        streams.applyRetention();
        SequenceNumber lastTrimmed = numbers.get(60 - readable().size() - 1);
        for (int opening = 0; opening < 2; opening++) {
            try (ShardReader reader = reader(streams, SHARD_0, Position.after(lastTrimmed))) {
                assertThat(reader.read(10, 1 << 20)).isInstanceOf(ReadResult.Records.class);
            }
            reopen();
        }
    }

    @Test
    void a_record_of_a_slow_shard_is_kept_not_much_longer_than_the_retention() {
        streams.createStream(STREAM, 1);
        for (int i = 0; i < 100; i++) {
            numbers.add(streams.put(STREAM, PutEntry.of("k", "tiny")).sequenceNumber());
            clock.advance(Duration.ofHours(1));
            if (i % 10 == 0) {
                reopen();
            }
        }
        streams.applyRetention();
        assertThat(readable()).hasSizeBetween(24, 24 + 4);
    }

    @Test
    void a_segment_that_was_found_empty_is_not_written_on_for_longer_than_others() throws IOException {
        streams.createStream(STREAM, 1);
        putHourly(1);
        clock.advance(Duration.ofDays(2));
        streams.applyRetention(); // leaves one segment, without records
        reopen();
        for (int hour = 0; hour < 60; hour++) {
            numbers.add(streams.put(STREAM, PutEntry.of("k", "tiny")).sequenceNumber());
            clock.advance(Duration.ofHours(1));
        }
        streams.applyRetention();

        assertThat(readable()).hasSizeBetween(24, 24 + 6);
    }

    @Test
    void a_closed_shard_is_listed_until_its_retention_has_passed_and_then_counts_as_ended() throws IOException {
        streams.createStream(STREAM, 1);
        putHourly(3);
        ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon());
        assertThat(reader.read(1, 1)).isInstanceOf(ReadResult.Records.class);
        streams.splitShard(STREAM, SHARD_0, BigInteger.TWO.pow(127));
        clock.advance(Duration.ofHours(23));
        streams.applyRetention();
        assertThat(streams.describe(STREAM).shards()).hasSize(3);
        clock.advance(Duration.ofHours(2));
        streams.applyRetention();
        assertThat(streams.describe(STREAM).shards()).hasSize(2);
        assertThat(segments(folder, SHARD_0)).isEmpty();
        assertThat(reader.read(1, 1)).isInstanceOf(ReadResult.Trimmed.class);
        assertThat(reader.read(1, 1)).isEqualTo(new ReadResult.ShardEnded());
        assertThat(reader(streams, SHARD_0, Position.trimHorizon()).read(1, 1)).isEqualTo(new ReadResult.ShardEnded());
        reopen();
        assertThat(streams.describe(STREAM).shards()).hasSize(2);
        streams.splitShard(STREAM, "shardId-000000000001", BigInteger.TWO.pow(126));
        assertThat(streams.describe(STREAM).openShards())
                .extracting(StreamInfo.ShardInfo::id)
                .contains("shardId-000000000003");
    }
}
