package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.internal.metadata.HashKey;
import io.shardmill.embedded.internal.metadata.HashRange;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Changing the number of a stream's shards. */
class ScalingTest extends OpenStreams {

    @Test
    void doubling_splits_every_shard_once_and_halving_merges_them_in_pairs() {
        streams.createStream(STREAM, 2);
        streams.updateShardCount(STREAM, 4);
        StreamInfo doubled = streams.describe(STREAM);
        assertThat(doubled.shards()).hasSize(6);
        assertEvenly(doubled, 4);
        streams.updateShardCount(STREAM, 2);
        StreamInfo halved = streams.describe(STREAM);
        assertThat(halved.shards()).hasSize(8);
        assertEvenly(halved, 2);
        assertThat(halved.openShards())
                .allSatisfy(shard -> assertThat(shard.parents()).hasSize(2));
    }

    @Test
    void from_two_to_three_splits_both_and_merges_the_middle() {
        streams.createStream(STREAM, 2);
        streams.updateShardCount(STREAM, 3);
        StreamInfo info = streams.describe(STREAM);
        assertEvenly(info, 3);
        assertThat(info.shards()).hasSize(7);
        assertThat(info.openShards().get(1).parents()).hasSize(2);
    }

    @Test
    void a_stream_that_is_even_already_stays_as_it_is() {
        StreamInfo before = streams.createStream(STREAM, 3);
        streams.updateShardCount(STREAM, 3);
        assertThat(streams.describe(STREAM)).isEqualTo(before);
        streams.mergeShards(STREAM, SHARD_0, "shardId-000000000001");
        streams.updateShardCount(STREAM, 2);
        assertEvenly(streams.describe(STREAM), 2);
    }

    @Test
    void counts_out_of_reach_are_refused() {
        streams.createStream(STREAM, 3);
        for (int target : List.of(1, 7, 10_001)) {
            assertRejected("LimitExceededException", target);
        }
        for (int target : List.of(0, -1)) {
            assertRejected("InvalidArgumentException", target);
        }
        assertThat(streams.describe(STREAM).shards()).hasSize(3);
    }

    private void assertRejected(String code, int target) {
        assertThatThrownBy(() -> streams.updateShardCount(STREAM, target))
                .isInstanceOfSatisfying(
                        StreamRequestException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(code))
                .hasMessageContaining(String.valueOf(target));
    }

    @Test
    void random_lives_lose_nothing_keep_the_order_of_each_key_and_end_evenly() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int shards = 1 + random.nextInt(5);
        streams.createStream(STREAM, shards);
        int put = 0;
        for (int step = 0; step < 12; step++) {
            put += put(put, random.nextInt(20));
            int open = streams.describe(STREAM).openShards().size();
            int least = (open + 1) / 2;
            int target = least + random.nextInt(2 * open - least + 1);
            streams.updateShardCount(STREAM, target);
            assertEvenly(streams.describe(STREAM), target);
            if (random.nextInt(3) == 0) {
                splitSomewhere(random);
            }
            if (random.nextInt(3) == 0) {
                StreamInfo before = streams.describe(STREAM);
                streams.close();
                open();
                assertThat(streams.describe(STREAM)).isEqualTo(before);
            }
        }
        put += put(put, 20);
        assertLineage(streams.describe(STREAM));
        Map<String, List<Integer>> byKey = readByKey();
        assertThat(byKey.values().stream().mapToInt(List::size).sum()).isEqualTo(put);
        assertThat(byKey.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
    }

    private int put(int from, int count) {
        for (PutEntry entry : numbers(from, from + count)) {
            streams.put(STREAM, entry);
        }
        return count;
    }

    private void splitSomewhere(Random random) {
        List<StreamInfo.ShardInfo> open = streams.describe(STREAM).openShards();
        StreamInfo.ShardInfo shard = open.get(random.nextInt(open.size()));
        streams.splitShard(STREAM, shard.id(), shard.startingHashKey().add(BigInteger.valueOf(2 + random.nextInt(9))));
    }

    /** Records by sequence number, which grows from parents to children. */
    private Map<String, List<Integer>> readByKey() {
        List<Record> all = new ArrayList<>();
        for (StreamInfo.ShardInfo shard : streams.describe(STREAM).shards()) {
            all.addAll(StreamTesting.records(streams, shard.id(), Position.trimHorizon()));
        }
        all.sort((one, other) -> one.sequenceNumber().compareTo(other.sequenceNumber()));
        Map<String, List<Integer>> byKey = new HashMap<>();
        for (Record each : all) {
            byKey.computeIfAbsent(each.partitionKey(), key -> new ArrayList<>()).add(Integer.valueOf(each.text()));
        }
        return byKey;
    }

    private static void assertEvenly(StreamInfo info, int count) {
        assertThat(info.openShards())
                .extracting(
                        shard -> new HashRange(HashKey.of(shard.startingHashKey()), HashKey.of(shard.endingHashKey())))
                .isEqualTo(HashRange.evenly(count));
    }

    private static void assertLineage(StreamInfo info) {
        Map<String, StreamInfo.ShardInfo> byId = new HashMap<>();
        info.shards().forEach(shard -> byId.put(shard.id(), shard));
        for (StreamInfo.ShardInfo shard : info.shards()) {
            assertThat(shard.parents()).hasSizeLessThanOrEqualTo(2);
            assertThat(shard.children()).hasSizeLessThanOrEqualTo(2);
            for (String parent : shard.parents()) {
                assertThat(byId.get(parent).endingSequenceNumber().orElseThrow())
                        .isLessThan(shard.startingSequenceNumber());
                assertThat(byId.get(parent).children()).contains(shard.id());
            }
        }
    }
}
