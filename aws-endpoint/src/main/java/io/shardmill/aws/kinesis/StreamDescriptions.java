package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** DescribeStream and DescribeStreamSummary, and what there is to tell of an account. */
final class StreamDescriptions {

    static final String ACTIVE = "ACTIVE";

    private static final int MAX_SHARDS = 100;
    private static final int MAX_LIMIT = 10_000;

    /** The largest that the API can tell: this machine's limits are the only ones. */
    private static final int NO_LIMIT = 1_000_000;

    private final StreamNames names;
    private final Clock clock;

    StreamDescriptions(StreamNames names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    void describe(Members request, Reply reply) {
        Integer limit = request.number("Limit");
        String after = request.text("ExclusiveStartShardId");
        String name = names.name(
                request.text("StreamName"),
                request.text("StreamARN"),
                new Constraints()
                        .range("limit", limit, 1, MAX_LIMIT)
                        .length("exclusiveStartShardId", after, 1, 128)
                        .matches("exclusiveStartShardId", after, Constraints.STREAM_NAME));
        StreamInfo stream = names.existing(name);
        List<StreamInfo.ShardInfo> shards =
                ListedShards.of(stream, clock.instant()).after(after);
        int count = Math.min(shards.size(), limit == null ? MAX_SHARDS : Math.min(limit, MAX_SHARDS));
        reply.object("StreamDescription", () -> {
            common(stream, reply);
            reply.each("Shards", shards.subList(0, count), ListedShards::write)
                    .flag("HasMoreShards", count < shards.size());
        });
    }

    void summarize(Members request, Reply reply) {
        StreamInfo stream = names.existing(request);
        reply.object("StreamDescriptionSummary", () -> {
            common(stream, reply);
            reply.number("OpenShardCount", stream.openShards().size())
                    .number("ConsumerCount", stream.consumers())
                    .number("MaxRecordSizeInKiB", stream.maxRecordBytes() >> 10);
        });
    }

    private static void common(StreamInfo stream, Reply reply) {
        identify(reply, stream);
        reply.number("RetentionPeriodHours", hours(stream.retention()))
                .each(
                        "EnhancedMonitoring",
                        List.of(List.<String>of()),
                        (each, metrics) -> each.texts("ShardLevelMetrics", metrics))
                .text("EncryptionType", "NONE");
    }

    /** Name, ARN, status, mode and creation. */
    static void identify(Reply reply, StreamInfo stream) {
        reply.text("StreamName", stream.name())
                .text("StreamARN", stream.arn())
                .text("StreamStatus", ACTIVE)
                .object(
                        "StreamModeDetails",
                        () -> reply.text("StreamMode", stream.config().mode().name()))
                .time("StreamCreationTimestamp", stream.config().created().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Rounded up: a stream that is configured with less than an hour doesn't keep its records for none. */
    static long hours(Duration retention) {
        return retention.plusHours(1).minusNanos(1).toHours();
    }

    void limits(Members request, Reply reply) {
        List<StreamInfo> all = names.infos(names.all());
        reply.number("ShardLimit", ShardLimit.MOST)
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

    void accountSettings(Members request, Reply reply) {
        reply.object("MinimumThroughputBillingCommitment", () -> reply.text("Status", "DISABLED"));
    }
}
