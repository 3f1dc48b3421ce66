package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.ControlPlane.ARN;
import static io.shardmill.aws.kinesis.ControlPlane.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.aws.protocol.Wire;
import io.shardmill.embedded.model.StreamOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.MetricsName;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Making, describing, changing and deleting streams with the AWS SDK. */
@ParameterizedClass
@EnumSource(Wire.class)
final class StreamsTest {

    private final Wire wire;

    @TempDir
    Path folder;

    private ControlPlane plane;
    private KinesisClient client;

    StreamsTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void open() {
        plane = new ControlPlane(folder, wire);
        client = plane.client;
    }

    @AfterEach
    void close() {
        assertThat(plane.lastWire()).isEqualTo(wire);
        plane.close();
    }

    private StreamDescription create() {
        client.createStream(request -> request.streamName("orders")
                .shardCount(2)
                .maxRecordSizeInKiB(2048)
                .tags(Map.of("team", "blue")));
        return client.describeStream(request -> request.streamName("orders")).streamDescription();
    }

    @Test
    void a_stream_is_active_at_once() {
        StreamDescription described = create();

        assertThat(described.streamName()).isEqualTo("orders");
        assertThat(described.streamARN()).isEqualTo(ARN + "orders");
        assertThat(described.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
        assertThat(described.streamCreationTimestamp()).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
    }

    @Test
    void a_stream_with_a_shard_count_is_provisioned() {
        assertThat(create().streamModeDetails().streamMode()).isEqualTo(StreamMode.PROVISIONED);
    }

    @Test
    void a_stream_keeps_its_records_for_a_day() {
        assertThat(create().retentionPeriodHours()).isEqualTo(24);
    }

    @Test
    void a_stream_has_neither_encryption_nor_metrics_of_shards() {
        StreamDescription described = create();

        assertThat(described.encryptionTypeAsString()).isEqualTo("NONE");
        assertThat(described.enhancedMonitoring())
                .singleElement()
                .satisfies(each -> assertThat(each.shardLevelMetrics()).isEmpty());
    }

    @Test
    void shards_share_out_the_hash_keys_evenly() {
        StreamDescription described = create();

        assertThat(described.hasMoreShards()).isFalse();
        assertThat(described.shards())
                .extracting(Shard::shardId)
                .containsExactly("shardId-000000000000", "shardId-000000000001");
        assertThat(described.shards().get(0).hashKeyRange().startingHashKey()).isEqualTo("0");
        assertThat(described.shards().get(0).hashKeyRange().endingHashKey())
                .isEqualTo("170141183460469231731687303715884105727");
    }

    @Test
    void an_open_shard_has_no_last_sequence_number_and_a_new_one_no_parent() {
        Shard first = create().shards().get(0);

        assertThat(first.sequenceNumberRange().startingSequenceNumber()).matches("[1-9][0-9]{55}");
        assertThat(first.sequenceNumberRange().endingSequenceNumber()).isNull();
        assertThat(first.parentShardId()).isNull();
    }

    @Test
    void a_summary_counts_shards_and_consumers() {
        StreamDescription described = create();
        client.registerStreamConsumer(
                request -> request.streamARN(ARN + "orders").consumerName("billing"));

        StreamDescriptionSummary summary = client.describeStreamSummary(request -> request.streamARN(ARN + "orders"))
                .streamDescriptionSummary();

        assertThat(summary.openShardCount()).isEqualTo(2);
        assertThat(summary.consumerCount()).isEqualTo(1);
        assertThat(summary.maxRecordSizeInKiB()).isEqualTo(2048);
        assertThat(summary.streamCreationTimestamp()).isEqualTo(described.streamCreationTimestamp());
    }

    @Test
    void a_stream_is_created_with_its_tags() {
        StreamDescription unused = create();

        assertThat(client.listTagsForStream(request -> request.streamName("orders"))
                        .tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.key() + "=" + tag.value()).isEqualTo("team=blue"));
    }

    @Test
    void a_stream_without_a_shard_count_is_on_demand_with_four_shards() {
        client.createStream(request -> request.streamName("a"));
        client.createStream(
                request -> request.streamName("b").streamModeDetails(mode -> mode.streamMode(StreamMode.ON_DEMAND)));
        for (String name : List.of("a", "b")) {
            StreamDescriptionSummary summary = client.describeStreamSummary(request -> request.streamName(name))
                    .streamDescriptionSummary();
            assertThat(summary.openShardCount()).isEqualTo(4);
            assertThat(summary.streamModeDetails().streamMode()).isEqualTo(StreamMode.ON_DEMAND);
        }
        assertThat(client.describeLimits().onDemandStreamCount()).isEqualTo(2);
        assertThat(client.describeLimits().openShardCount()).isEqualTo(8);
        client.updateStreamMode(request ->
                request.streamARN(ARN + "a").streamModeDetails(mode -> mode.streamMode(StreamMode.PROVISIONED)));
        assertThat(client.describeStreamSummary(request -> request.streamName("a"))
                        .streamDescriptionSummary()
                        .streamModeDetails()
                        .streamMode())
                .isEqualTo(StreamMode.PROVISIONED);
        assertRefused(
                "ValidationException",
                "ShardCount must be given for a stream in provisioned mode.",
                () -> client.createStream(request ->
                        request.streamName("c").streamModeDetails(mode -> mode.streamMode(StreamMode.PROVISIONED))));
    }

    @Test
    void CreateStream_takes_at_least_one_shard() {
        assertRefused(
                "ValidationException",
                "1 validation error detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have"
                        + " value greater than or equal to 1",
                () -> client.createStream(request -> request.streamName("a").shardCount(0)));
    }

    @Test
    void CreateStream_reports_all_broken_constraints_together() {
        assertRefused(
                "ValidationException",
                "2 validation errors detected: Value null at 'streamName' failed to satisfy constraint: Member must not"
                        + " be null; Value 'SOMETIMES' at 'streamModeDetails.streamMode' failed to satisfy constraint:"
                        + " Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]",
                () -> client.createStream(request -> request.streamModeDetails(mode -> mode.streamMode("SOMETIMES"))));
    }

    @Test
    void CreateStream_takes_a_name_once() {
        client.createStream(request -> request.streamName("a").shardCount(1));

        assertRefused(
                "ResourceInUseException",
                "Stream a under account 000000000000 already exists.",
                () -> client.createStream(request -> request.streamName("a").shardCount(1)));
    }

    @Test
    void CreateStream_takes_10000_shards_at_most() {
        assertRefused(
                "LimitExceededException",
                "ShardCount 10001 is more than a stream here can have: 10000",
                () -> client.createStream(request -> request.streamName("b").shardCount(10_001)));
    }

    @Test
    void DescribeStream_tells_upper_from_lower_case() {
        client.createStream(request -> request.streamName("a").shardCount(1));

        assertRefused(
                "ResourceNotFoundException",
                "Stream A under account 000000000000 not found.",
                () -> client.describeStream(request -> request.streamName("A")));
    }

    @Test
    void DeleteStream_needs_a_name_or_an_ARN() {
        assertRefused(
                "InvalidArgumentException",
                "Either StreamName or StreamARN must be provided.",
                () -> client.deleteStream(request -> {}));
    }

    @Test
    void an_arn_that_is_far_too_long_costs_no_more_than_a_short_one() {
        String arn = "arn:aws" + ":kinesis::123456789012:".repeat(20_000);
        assertThatThrownBy(() -> client.listTagsForResource(request -> request.resourceARN(arn)))
                .hasMessageContaining("at 'resourceARN' failed to satisfy constraint: Member must have length less than"
                        + " or equal to 2048");
        assertThatThrownBy(() -> client.describeStreamConsumer(request -> request.consumerARN(arn)))
                .hasMessageContaining("at 'consumerARN' failed to satisfy constraint: Member must have length less than"
                        + " or equal to 2048");
    }

    @Test
    void a_description_is_read_page_by_page() {
        client.createStream(request -> request.streamName("a").shardCount(230));
        StreamDescription first = client.describeStream(
                        request -> request.streamName("a").limit(500))
                .streamDescription();
        assertThat(first.shards()).hasSize(100);
        assertThat(first.hasMoreShards()).isTrue();
        StreamDescription second = client.describeStream(
                        request -> request.streamName("a").exclusiveStartShardId("shardId-000000000219"))
                .streamDescription();
        assertThat(second.shards()).hasSize(10);
        assertThat(second.hasMoreShards()).isFalse();
    }

    @Test
    void streams_of_the_configuration_and_of_the_wire_are_listed_together_page_by_page() {
        plane.streams().ensureStream("configured", StreamOptions.ofShards(1));
        for (String name : List.of("b", "d", "a")) {
            client.createStream(request -> request.streamName(name).shardCount(1));
        }
        ListStreamsResponse first = client.listStreams(request -> request.limit(3));
        assertThat(first.streamNames()).containsExactly("a", "b", "configured");
        assertThat(first.hasMoreStreams()).isTrue();
        assertThat(first.streamSummaries().get(2).streamARN()).isEqualTo(ARN + "configured");
        assertThat(first.streamSummaries().get(2).streamModeDetails().streamMode())
                .isEqualTo(StreamMode.PROVISIONED);
        ListStreamsResponse second = client.listStreams(request -> request.nextToken(first.nextToken()));
        assertThat(second.streamNames()).containsExactly("d");
        assertThat(second.hasMoreStreams()).isFalse();
        assertThat(second.nextToken()).isNull();
        assertThat(client.listStreamsPaginator(request -> request.limit(1)).streamNames())
                .containsExactly("a", "b", "configured", "d");
        client.deleteStream(request -> request.streamName("b"));
        assertThat(client.listStreams().streamNames()).containsExactly("a", "configured", "d");
    }

    @Test
    void retention_goes_up_and_down_between_a_day_and_a_year() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        client.increaseStreamRetentionPeriod(request -> request.streamName("a").retentionPeriodHours(8760));
        assertThat(hours("a")).isEqualTo(8760);
        client.decreaseStreamRetentionPeriod(request -> request.streamName("a").retentionPeriodHours(48));
        assertThat(hours("a")).isEqualTo(48);
        assertRefused(
                "InvalidArgumentException",
                "Requested retention period (47 hours) for stream a can not be shorter than existing retention period"
                        + " (48 hours). Use DecreaseRetentionPeriod API.",
                () -> client.increaseStreamRetentionPeriod(
                        request -> request.streamName("a").retentionPeriodHours(47)));
        assertRefused(
                "InvalidArgumentException",
                "Requested retention period (49 hours) for stream a can not be longer than existing retention period"
                        + " (48 hours). Use IncreaseRetentionPeriod API.",
                () -> client.decreaseStreamRetentionPeriod(
                        request -> request.streamName("a").retentionPeriodHours(49)));
        assertRefused(
                "InvalidArgumentException",
                "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
                () -> client.decreaseStreamRetentionPeriod(
                        request -> request.streamName("a").retentionPeriodHours(23)));
        assertRefused(
                "InvalidArgumentException",
                "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
                () -> client.increaseStreamRetentionPeriod(
                        request -> request.streamName("a").retentionPeriodHours(8761)));
    }

    @Test
    void a_stream_configured_with_less_than_a_day_shows_its_hours_rounded_up_and_can_keep_more() {
        plane.streams().ensureStream("short", StreamOptions.ofShards(1).withRetention(Duration.ofMinutes(10)));
        assertThat(hours("short")).isEqualTo(1);
        plane.streams().updateRetention("short", Duration.ofMinutes(150));
        assertThat(hours("short")).isEqualTo(3);
        client.increaseStreamRetentionPeriod(
                request -> request.streamName("short").retentionPeriodHours(24));
        assertThat(hours("short")).isEqualTo(24);
    }

    private int hours(String stream) {
        return client.describeStream(request -> request.streamName(stream))
                .streamDescription()
                .retentionPeriodHours();
    }

    @Test
    void case_110_record_sizes_go_from_one_to_ten_mebibytes() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        client.updateMaxRecordSize(request -> request.streamARN(ARN + "a").maxRecordSizeInKiB(10_240));
        assertThat(plane.streams().describe("a").maxRecordBytes()).isEqualTo(10 << 20);
        assertRefused(
                "ValidationException",
                "1 validation error detected: Value '10241' at 'maxRecordSizeInKiB' failed to satisfy constraint: Member"
                        + " must have value less than or equal to 10240",
                () -> client.updateMaxRecordSize(
                        request -> request.streamARN(ARN + "a").maxRecordSizeInKiB(10_241)));
        assertRefused(
                "ResourceNotFoundException",
                "Stream b under account 000000000000 not found.",
                () -> client.updateMaxRecordSize(
                        request -> request.streamARN(ARN + "b").maxRecordSizeInKiB(1024)));
    }

    @Test
    void what_means_nothing_here_is_refused_and_its_opposite_is_true_already() {
        client.createStream(request -> request.streamName("a").shardCount(1));
        assertRefused(
                "InvalidArgumentException",
                "Stream a under account 000000000000 can't be encrypted: there is no KMS here. Encrypt the disk that its"
                        + " folder is on, or set shardmill.aws-endpoint.ignore-unsupported-settings.",
                () -> client.startStreamEncryption(
                        request -> request.streamName("a").encryptionType("KMS").keyId("alias/aws/kinesis")));
        client.stopStreamEncryption(
                request -> request.streamName("a").encryptionType("KMS").keyId("alias/aws/kinesis"));
        assertRefused(
                "InvalidArgumentException",
                "Stream a under account 000000000000 has no shard-level metrics: there is no CloudWatch here. Use the"
                        + " application's own metrics, or set shardmill.aws-endpoint.ignore-unsupported-settings.",
                () -> client.enableEnhancedMonitoring(
                        request -> request.streamName("a").shardLevelMetrics(MetricsName.ALL)));
        assertThat(client.disableEnhancedMonitoring(
                                request -> request.streamName("a").shardLevelMetrics(MetricsName.ALL))
                        .desiredShardLevelMetrics())
                .isEmpty();
        assertThat(client.describeAccountSettings(request -> {})
                        .minimumThroughputBillingCommitment()
                        .statusAsString())
                .isEqualTo("DISABLED");
    }
}
