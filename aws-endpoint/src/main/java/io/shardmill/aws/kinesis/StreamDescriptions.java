package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Page;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.embedded.model.StreamMode;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Describes streams, and the account. */
final class StreamDescriptions {

    private static final Member<String> AFTER = KinesisMembers.name("ExclusiveStartShardId");
    private static final Shape STREAM = Shape.of(KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);
    private static final Shape DESCRIBE =
            Shape.of(KinesisMembers.LIMIT, AFTER, KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);

    static final String ACTIVE = "ACTIVE";

    private static final int MAX_SHARDS = 100;

    /** The largest number of streams that the API knows: this machine's limits are the only ones. */
    private static final int NO_LIMIT = 1_000_000;

    private final StreamNames names;
    private final Clock clock;

    StreamDescriptions(StreamNames names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation("DescribeStream", DESCRIBE, this::describe),
                Action.operation("DescribeStreamSummary", STREAM, this::summarize),
                Action.operation("DescribeLimits", Shape.of(), this::limits),
                Action.operation("DescribeAccountSettings", Shape.of(), this::accountSettings));
    }

    private void describe(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        Page<ShardInfo> page = Page.of(
                ListedShards.of(stream, clock.instant()).shards(),
                ShardInfo::id,
                request.get(AFTER),
                Math.min(request.get(KinesisMembers.LIMIT, MAX_SHARDS), MAX_SHARDS));
        response.object("StreamDescription", () -> {
            common(stream, response);
            response.each("Shards", page.items(), ListedShards::write).flag("HasMoreShards", !page.isLast());
        });
    }

    private void summarize(Members request, ResponseWriter response) {
        StreamInfo stream = names.existing(request);
        response.object("StreamDescriptionSummary", () -> {
            common(stream, response);
            response.number("OpenShardCount", stream.openShards().size())
                    .number("ConsumerCount", stream.consumers())
                    .number("MaxRecordSizeInKiB", stream.maxRecordBytes() >> 10);
        });
    }

    private static void common(StreamInfo stream, ResponseWriter response) {
        identify(response, stream);
        IgnoredSettings ignored = IgnoredSettings.of(stream);
        String keyId = ignored.keyId();
        response.number("RetentionPeriodHours", hours(stream.retention()))
                .each(
                        "EnhancedMonitoring",
                        List.of(ignored.metrics()),
                        (each, metrics) -> each.texts("ShardLevelMetrics", metrics))
                .text("EncryptionType", keyId == null ? "NONE" : "KMS");
        if (keyId != null) {
            response.text("KeyId", keyId);
        }
    }

    /** Name, ARN, status, mode and creation. */
    static void identify(ResponseWriter response, StreamInfo stream) {
        response.text("StreamName", stream.name())
                .text("StreamARN", stream.arn())
                .text("StreamStatus", ACTIVE)
                .object(
                        "StreamModeDetails",
                        () -> response.text("StreamMode", stream.config().mode().name()))
                .time("StreamCreationTimestamp", stream.config().created().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Rounded up: a stream that is configured with less than an hour doesn't keep its records for none. */
    static long hours(Duration retention) {
        return retention.plusHours(1).minusNanos(1).toHours();
    }

    private void limits(Members request, ResponseWriter response) {
        List<StreamInfo> all = names.infos(names.all());
        response.number("ShardLimit", ShardLimit.MOST)
                .number(
                        "OpenShardCount",
                        all.stream().mapToInt(each -> each.openShards().size()).sum())
                .number(
                        "OnDemandStreamCount",
                        all.stream()
                                .filter(each -> each.config().mode() == StreamMode.ON_DEMAND)
                                .count())
                .number("OnDemandStreamCountLimit", NO_LIMIT);
    }

    private void accountSettings(Members request, ResponseWriter response) {
        response.object("MinimumThroughputBillingCommitment", () -> response.text("Status", "DISABLED"));
    }
}
