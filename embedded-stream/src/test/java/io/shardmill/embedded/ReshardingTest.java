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

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamDescription;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ReshardingTest extends OpenStreams {

    private static final String SHARD_1 = "shardId-000000000001";
    private static final String SHARD_2 = "shardId-000000000002";
    private static final BigInteger MAX = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
    private static final BigInteger HALF = BigInteger.TWO.pow(127);

    @Test
    void the_shards_of_a_stream_share_out_all_hash_keys() {
        List<StreamInfo.ShardInfo> shards = streams.createStream(STREAM, 3).openShards();
        assertThat(shards.get(0).startingHashKey()).isEqualTo(BigInteger.ZERO);
        assertThat(shards.get(1).startingHashKey())
                .isEqualTo(shards.get(0).endingHashKey().add(BigInteger.ONE))
                .isEqualTo(new BigInteger("113427455640312821154458202477256070485"));
        assertThat(shards.get(2).endingHashKey()).isEqualTo(MAX);
    }

    @Test
    void a_split_closes_the_parent_and_its_children_take_over_with_larger_numbers() {
        streams.createStream(STREAM, 1);
        SequenceNumber parents = put("before").sequenceNumber();
        AtomicInteger changes = new AtomicInteger();
        var unused = streams.find(STREAM).orElseThrow().onChange(changes::incrementAndGet);
        streams.splitShard(STREAM, SHARD_0, HALF);

        StreamInfo info = streams.describe(STREAM);
        assertThat(info.shards()).extracting(StreamInfo.ShardInfo::id).containsExactly(SHARD_0, SHARD_1, SHARD_2);
        StreamInfo.ShardInfo parent = info.shards().get(0);
        assertThat(parent.children()).containsExactly(SHARD_1, SHARD_2);
        assertThat(parent.endingSequenceNumber().orElseThrow()).isGreaterThan(parents);
        StreamInfo.ShardInfo lower = info.shards().get(1);
        assertThat(lower.parents()).containsExactly(SHARD_0);
        assertThat(lower.endingHashKey()).isEqualTo(HALF.subtract(BigInteger.ONE));
        assertThat(info.shards().get(2).startingHashKey()).isEqualTo(HALF);
        assertThat(lower.startingSequenceNumber())
                .isGreaterThan(parent.endingSequenceNumber().orElseThrow());

        PutResult.Stored stored = put("after");
        assertThat(stored.shard().id()).isIn(SHARD_1, SHARD_2);
        assertThat(stored.sequenceNumber()).isGreaterThan(parents);
        assertThat(changes).hasValue(1);
        assertThat(unused).isNotNull();
        assertThat(streams.find(STREAM).orElseThrow().describe().shards())
                .extracting(StreamDescription.ShardDescription::parents)
                .containsExactly(List.of(), List.of(SHARD_0), List.of(SHARD_0));
    }

    @Test
    void a_closed_shard_is_read_to_its_end_and_once_more_says_so() {
        streams.createStream(STREAM, 1);
        streams.putAll(STREAM, numbers(0, 10));
        AtomicInteger wakes = new AtomicInteger();
        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon(), wakes::incrementAndGet)) {
            assertThat(texts(records(reader))).isEqualTo(numberTexts(0, 10));
            streams.splitShard(STREAM, SHARD_0, HALF);
            assertThat(wakes).hasValue(1);
            assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.ShardEnded());
            assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.ShardEnded());
        }
        assertThat(texts(streams)).isEqualTo(numberTexts(0, 10));
    }

    @Test
    void an_empty_shard_that_is_closed_ends_at_once() {
        streams.createStream(STREAM, 1);
        streams.splitShard(STREAM, SHARD_0, HALF);
        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
            assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.ShardEnded());
        }
    }

    @Test
    void a_merged_shard_has_two_parents_and_both_ranges() {
        streams.createStream(STREAM, 2);
        streams.mergeShards(STREAM, SHARD_1, SHARD_0);
        StreamInfo.ShardInfo merged = streams.describe(STREAM).openShards().get(0);
        assertThat(merged.parents()).containsExactly(SHARD_1, SHARD_0);
        assertThat(merged.startingHashKey()).isEqualTo(BigInteger.ZERO);
        assertThat(merged.endingHashKey()).isEqualTo(MAX);
        assertThat(put("x").shard().id()).isEqualTo(SHARD_2);
    }

    @Test
    void the_lives_of_parents_and_children_adjoin() {
        Instant created = clock.instant();
        streams.createStream(STREAM, 1);
        clock.advance(Duration.ofMillis(1));
        streams.splitShard(STREAM, SHARD_0, HALF);
        Instant split = clock.instant();
        clock.advance(Duration.ofMillis(1));
        streams.mergeShards(STREAM, SHARD_1, SHARD_2);
        Instant merged = clock.instant();
        streams.close();
        open();
        List<StreamInfo.ShardInfo> shards = streams.describe(STREAM).shards();
        assertThat(shards)
                .extracting(StreamInfo.ShardInfo::lifetime)
                .containsExactly(
                        new StreamInfo.Lifetime(created, Optional.of(split)),
                        new StreamInfo.Lifetime(split, Optional.of(merged)),
                        new StreamInfo.Lifetime(split, Optional.of(merged)),
                        new StreamInfo.Lifetime(merged, Optional.empty()));
        assertThat(shards.get(1).lifetime().includes(split)).isTrue();
        assertThat(shards.get(1).lifetime().includes(merged)).isTrue();
        assertThat(shards.get(1).lifetime().reaches(merged.plusMillis(1))).isFalse();
        assertThat(shards.get(3).lifetime().includes(split)).isFalse();
        assertThat(shards.get(3).lifetime().reaches(split)).isTrue();
    }

    @Test
    void resharding_survives_reopening() {
        streams.createStream(STREAM, 1);
        put("0");
        streams.splitShard(STREAM, SHARD_0, HALF);
        streams.mergeShards(STREAM, SHARD_1, SHARD_2);
        put("1");
        StreamInfo before = streams.describe(STREAM);
        streams.close();
        open();
        assertThat(streams.describe(STREAM)).isEqualTo(before);
        assertThat(texts(streams, "shardId-000000000003", Position.trimHorizon()))
                .containsExactly("1");
        assertThat(texts(streams)).containsExactly("0");
        try (ShardReader reader = reader(streams, SHARD_1, Position.trimHorizon())) {
            assertThat(reader.read(1, 1)).isEqualTo(new ReadResult.ShardEnded());
        }
    }

    @Test
    void case_109_a_split_point_must_be_greater_than_start_plus_one_and_less_than_the_end() {
        streams.createStream(STREAM, 1);
        for (BigInteger key : List.of(BigInteger.ZERO, BigInteger.ONE, MAX, MAX.add(BigInteger.ONE))) {
            assertRejected(
                    "InvalidArgumentException",
                    () -> streams.splitShard(STREAM, SHARD_0, key),
                    "NewStartingHashKey " + key);
        }
        streams.splitShard(STREAM, SHARD_0, BigInteger.TWO);
        streams.splitShard(STREAM, SHARD_2, MAX.subtract(BigInteger.ONE));
    }

    @Test
    void case_109_only_adjacent_open_shards_are_merged_and_only_open_ones_split() {
        streams.createStream(STREAM, 3);
        assertRejected(
                "InvalidArgumentException",
                () -> streams.mergeShards(STREAM, SHARD_0, SHARD_2),
                "are not an adjacent pair");
        assertRejected(
                "InvalidArgumentException",
                () -> streams.mergeShards(STREAM, SHARD_0, SHARD_0),
                "are not an adjacent pair");
        streams.mergeShards(STREAM, SHARD_0, SHARD_1);
        assertRejected("InvalidArgumentException", () -> streams.mergeShards(STREAM, SHARD_0, SHARD_2), SHARD_0);
        assertRejected("InvalidArgumentException", () -> streams.splitShard(STREAM, SHARD_1, BigInteger.TEN), SHARD_1);
        assertRejected(
                "ResourceNotFoundException",
                () -> streams.splitShard(STREAM, "shardId-000000000009", BigInteger.TEN),
                "shardId-000000000009");
        assertRejected(
                "ResourceNotFoundException", () -> streams.splitShard("other", SHARD_0, BigInteger.TEN), "'other'");
    }

    private static void assertRejected(String code, ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StreamRequestException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private PutResult.Stored put(String text) {
        return streams.put(STREAM, PutEntry.of("k", text));
    }
}
