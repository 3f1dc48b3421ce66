package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.ControlPlane.ARN;
import static io.shardmill.aws.kinesis.ControlPlane.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.aws.protocol.Wire;
import io.shardmill.embedded.model.StreamOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountResponse;

/** Listing shards and changing them, with the AWS SDK. */
@ParameterizedClass
@EnumSource(Wire.class)
final class ShardsTest {

    private static final String HALF = "170141183460469231731687303715884105728";

    private final Wire wire;

    @TempDir
    Path folder;

    private ControlPlane plane;
    private KinesisClient client;

    ShardsTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void open() {
        plane = new ControlPlane(folder, wire);
        client = plane.client;
    }

    @AfterEach
    void close() {
        plane.close();
    }

    private static String id(int index) {
        return "shardId-00000000000" + index;
    }

    private List<Integer> listed(Consumer<ListShardsRequest.Builder> request) {
        return client.listShards(builder -> request.accept(builder.streamName("a"))).shards().stream()
                .map(shard -> Integer.valueOf(shard.shardId().substring("shardId-".length())))
                .toList();
    }

    private List<Integer> filtered(ShardFilterType type) {
        return listed(request -> request.shardFilter(filter -> filter.type(type)));
    }

    private List<Integer> filtered(ShardFilterType type, Instant time) {
        return listed(request -> request.shardFilter(filter -> filter.type(type).timestamp(time)));
    }

    private void split(int shard, String key) {
        client.splitShard(
                request -> request.streamName("a").shardToSplit(id(shard)).newStartingHashKey(key));
    }

    private void merge(int shard, int adjacent) {
        client.mergeShards(
                request -> request.streamName("a").shardToMerge(id(shard)).adjacentShardToMerge(id(adjacent)));
    }

    @Test
    void a_split_and_a_merge_show_parents_and_both_ends() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        split(0, HALF);
        merge(1, 2);
        List<Shard> shards =
                client.listShards(request -> request.streamARN(ARN + "a")).shards();
        assertThat(shards).hasSize(4);
        assertThat(shards.get(0).sequenceNumberRange().endingSequenceNumber()).isNotNull();
        assertThat(shards.get(1).parentShardId()).isEqualTo(id(0));
        assertThat(shards.get(1).adjacentParentShardId()).isNull();
        assertThat(shards.get(2).hashKeyRange().startingHashKey()).isEqualTo(HALF);
        assertThat(shards.get(3).parentShardId()).isEqualTo(id(1));
        assertThat(shards.get(3).adjacentParentShardId()).isEqualTo(id(2));
        assertThat(shards.get(3).sequenceNumberRange().endingSequenceNumber()).isNull();
    }

    @Test
    void each_filter_lists_its_shards() {
        client.createStream(request -> request.streamName("a").shardCount(2));
        Instant created = plane.clock.instant();
        plane.clock.advance(Duration.ofHours(1));
        split(0, "1000");
        plane.clock.advance(Duration.ofHours(1));
        merge(3, 1);
        Instant merged = plane.clock.instant();
        Instant between = merged.minus(Duration.ofMinutes(30));
        plane.clock.advance(Duration.ofHours(1));

        assertThat(listed(request -> {})).containsExactly(0, 1, 2, 3, 4);
        assertThat(filtered(ShardFilterType.FROM_TRIM_HORIZON)).containsExactly(0, 1, 2, 3, 4);
        assertThat(filtered(ShardFilterType.AT_LATEST)).containsExactly(2, 4);
        assertThat(filtered(ShardFilterType.AT_TRIM_HORIZON)).containsExactly(0, 1);
        assertThat(filtered(ShardFilterType.AT_TIMESTAMP, created)).containsExactly(0, 1);
        assertThat(filtered(ShardFilterType.AT_TIMESTAMP, created.minusSeconds(100_000)))
                .containsExactly(0, 1);
        assertThat(filtered(ShardFilterType.AT_TIMESTAMP, between)).containsExactly(1, 2, 3);
        assertThat(filtered(ShardFilterType.AT_TIMESTAMP, merged)).containsExactly(1, 2, 3, 4);
        assertThat(filtered(ShardFilterType.AT_TIMESTAMP, merged.plusMillis(1))).containsExactly(2, 4);
        assertThat(filtered(ShardFilterType.FROM_TIMESTAMP, between)).containsExactly(1, 2, 3, 4);
        assertThat(filtered(ShardFilterType.FROM_TIMESTAMP, merged.plusMillis(1)))
                .containsExactly(2, 4);
        assertThat(filtered(ShardFilterType.FROM_TIMESTAMP, Instant.EPOCH)).containsExactly(0, 1, 2, 3, 4);
        assertThat(listed(request -> request.shardFilter(
                        filter -> filter.type(ShardFilterType.AFTER_SHARD_ID).shardId(id(2)))))
                .containsExactly(3, 4);
        assertThat(listed(request -> request.exclusiveStartShardId(id(3)))).containsExactly(4);
    }

    @Test
    void an_expired_shard_is_never_listed_and_the_horizon_moves_on_to_its_children() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        plane.clock.advance(Duration.ofMillis(100));
        split(0, HALF);
        plane.clock.advance(Duration.ofHours(24));
        assertThat(listed(request -> {})).containsExactly(0, 1, 2);
        assertThat(filtered(ShardFilterType.AT_TRIM_HORIZON)).containsExactly(0);
        plane.clock.advance(Duration.ofMillis(1));
        assertThat(listed(request -> {})).containsExactly(1, 2);
        assertThat(filtered(ShardFilterType.AT_TRIM_HORIZON)).containsExactly(1, 2);
        assertThat(filtered(ShardFilterType.FROM_TIMESTAMP, Instant.EPOCH)).containsExactly(1, 2);
        assertThat(client.describeStream(request -> request.streamName("a"))
                        .streamDescription()
                        .shards())
                .hasSize(2);
        assertThat(plane.streams().describe("a").shards()).as("not yet deleted").hasSize(3);
        plane.streams().applyRetention();
        assertThat(filtered(ShardFilterType.AT_TRIM_HORIZON)).containsExactly(1, 2);
    }

    @Test
    void a_token_goes_on_where_the_page_ended_with_the_filter_of_the_first_one() {
        client.createStream(request -> request.streamName("a").shardCount(4));
        split(3, "300000000000000000000000000000000000000");
        ListShardsResponse first = client.listShards(request ->
                request.streamName("a").maxResults(2).shardFilter(filter -> filter.type(ShardFilterType.AT_LATEST)));
        assertThat(first.shards()).hasSize(2);
        ListShardsResponse second = client.listShards(
                request -> request.nextToken(first.nextToken()).maxResults(2));
        assertThat(second.shards()).extracting(Shard::shardId).containsExactly(id(2), id(4));
        ListShardsResponse third = client.listShards(request -> request.nextToken(second.nextToken()));
        assertThat(third.shards()).extracting(Shard::shardId).containsExactly(id(5));
        assertThat(third.nextToken()).isNull();
    }

    @Test
    void a_token_is_refused_beside_a_stream_name_when_it_is_old_and_when_it_is_none() {
        client.createStream(request -> request.streamName("a").shardCount(2));
        String token = client.listShards(request -> request.streamName("a").maxResults(1))
                .nextToken();
        assertRefused(
                "InvalidArgumentException",
                "NextToken and StreamName cannot be provided together.",
                () -> client.listShards(request -> request.streamName("a").nextToken(token)));
        assertRefused(
                "InvalidArgumentException",
                "Either NextToken or StreamName should be provided.",
                () -> client.listShards(request -> {}));
        for (String bad : List.of("x", "????", "c2hhcmRz", token + "AA", "s".repeat(1000))) {
            assertRefused(
                    "InvalidArgumentException",
                    "The provided NextToken is not valid.",
                    () -> client.listShards(request -> request.nextToken(bad)));
        }
        plane.clock.advance(Duration.ofMinutes(5));
        assertThat(client.listShards(request -> request.nextToken(token)).shards())
                .hasSize(1);
        plane.clock.advance(Duration.ofMillis(1));
        assertRefused(
                "ExpiredNextTokenException",
                "The NextToken was issued at 2026-11-23T10:00:00.250Z and is good for 300 seconds.",
                () -> client.listShards(request -> request.nextToken(token)));
    }

    @Test
    void a_thousand_shards_are_paged() {
        client.createStream(request -> request.streamName("a").shardCount(1001));
        ListShardsResponse first = client.listShards(request -> request.streamName("a"));
        assertThat(first.shards()).hasSize(1000);
        assertThat(client.listShards(request -> request.nextToken(first.nextToken()))
                        .shards())
                .hasSize(1);
        assertThat(client.listShards(request -> request.streamName("a").maxResults(10_000))
                        .shards())
                .hasSize(1001);
    }

    @Test
    void the_creation_time_tells_a_stream_from_its_namesake() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        Instant created = plane.clock.instant();
        String token = client.listShards(request -> request.streamName("a").maxResults(1))
                .nextToken();
        assertThat(token).isNull();
        assertThat(listed(request -> request.streamCreationTimestamp(created))).containsExactly(0);
        assertRefused(
                "ResourceNotFoundException",
                "Stream a under account 000000000000 not found.",
                () -> listed(request -> request.streamCreationTimestamp(created.minusSeconds(1))));
    }

    @Test
    void a_filter_needs_what_its_type_needs() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        assertRefused(
                "InvalidArgumentException",
                "Timestamp must be provided when ShardFilter is of type AT_TIMESTAMP.",
                () -> filtered(ShardFilterType.AT_TIMESTAMP));
        assertRefused(
                "InvalidArgumentException",
                "ShardId must be provided when ShardFilter is of type AFTER_SHARD_ID.",
                () -> filtered(ShardFilterType.AFTER_SHARD_ID));
        assertRefused(
                "ValidationException",
                "1 validation error detected: Value 'SOME' at 'shardFilter.type' failed to satisfy constraint: Member"
                        + " must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON,"
                        + " AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]",
                () -> listed(request -> request.shardFilter(filter -> filter.type("SOME"))));
        assertRefused(
                "ValidationException",
                "1 validation error detected: Value '10001' at 'maxResults' failed to satisfy constraint: Member must"
                        + " have value less than or equal to 10000",
                () -> listed(request -> request.maxResults(10_001)));
    }

    @Test
    void case_109_a_split_point_outside_the_shard_is_refused_in_awss_words() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        for (String key : List.of("0", "1", "340282366920938463463374607431768211455")) {
            assertRefused(
                    "InvalidArgumentException",
                    "NewStartingHashKey " + key
                            + " used in SplitShard() on shard shardId-000000000000 in stream a under"
                            + " account 000000000000 is not both greater than one plus the shard's StartingHashKey 0"
                            + " and less than the shard's EndingHashKey 340282366920938463463374607431768211455.",
                    () -> split(0, key));
        }
        assertRefused(
                "ValidationException",
                "1 validation error detected: Value '-1' at 'newStartingHashKey' failed to satisfy constraint: Member"
                        + " must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
                () -> split(0, "-1"));
        split(0, "2");
    }

    @Test
    void case_109_only_open_and_adjacent_shards_are_merged_and_only_open_ones_split() {
        client.createStream(request -> request.streamName("a").shardCount(3));
        assertRefused(
                "InvalidArgumentException",
                "Shards shardId-000000000000 and shardId-000000000002 in stream a under account 000000000000 are not an"
                        + " adjacent pair of shards eligible for merging",
                () -> merge(0, 2));
        merge(0, 1);
        for (Runnable call : List.<Runnable>of(() -> merge(0, 2), () -> split(0, "10"))) {
            assertRefused(
                    "InvalidArgumentException",
                    "Shard shardId-000000000000 in stream a under account 000000000000 has already been merged or split,"
                            + " and thus is not eligible for merging or splitting.",
                    call::run);
        }
        assertRefused(
                "ResourceNotFoundException",
                "Could not find shard shardId-000000000009 in stream a under account 000000000000.",
                () -> split(9, "10"));
    }

    @Test
    void the_shard_count_is_doubled_and_halved_at_most() {
        plane.streams().createStream("a", StreamOptions.ofShards(3));
        UpdateShardCountResponse updated = updateCount(5);
        assertThat(updated.streamName()).isEqualTo("a");
        assertThat(updated.streamARN()).isEqualTo(ARN + "a");
        assertThat(updated.currentShardCount()).isEqualTo(3);
        assertThat(updated.targetShardCount()).isEqualTo(5);
        assertThat(filtered(ShardFilterType.AT_LATEST)).hasSize(5);
        assertRefused(
                "LimitExceededException",
                "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count:"
                        + " 5, Target shard count: 11",
                () -> updateCount(11));
        assertRefused(
                "LimitExceededException",
                "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count:"
                        + " 5, Target shard count: 2",
                () -> updateCount(2));
        assertRefused(
                "LimitExceededException",
                "Target shard count or number of open shards cannot be greater than 10000. Current open shard count: 5,"
                        + " Target shard count: 10001",
                () -> updateCount(10_001));
        updateCount(10);
        assertThat(filtered(ShardFilterType.AT_LATEST)).hasSize(10);
    }

    private UpdateShardCountResponse updateCount(int target) {
        return client.updateShardCount(
                request -> request.streamName("a").targetShardCount(target).scalingType("UNIFORM_SCALING"));
    }

    @Test
    void an_on_demand_stream_is_not_resharded_by_hand() {
        client.createStream(
                request -> request.streamName("a").streamModeDetails(mode -> mode.streamMode(StreamMode.ON_DEMAND)));
        for (Runnable call : List.<Runnable>of(() -> merge(0, 1), () -> split(0, "10"), () -> updateCount(8))) {
            assertRefused(
                    "ValidationException",
                    "Request is invalid. Stream a under account 000000000000 is in On-Demand mode.",
                    call::run);
        }
    }
}
