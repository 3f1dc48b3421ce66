package io.shardmill.destinations.aws;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.EventFormat;
import io.shardmill.poller.event.KafkaFormat;
import io.shardmill.poller.event.KinesisFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** A discarded batch as in the specification's example, and settings to send it with. */
final class Batches {

    static final String REGION = "eu-west-1";
    static final String ACCOUNT = "123456789012";
    static final Region SDK_REGION = Region.of(REGION);

    /** What SQS and SNS get for {@link #ofOne}. */
    static final String DOCUMENT = "{\"requestContext\":{\"requestId\":\"99fdb8a9-ebfe-401c-8f28-fc002132a6c9\","
            + "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:fn:prod\","
            + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":2},"
            + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"1\",\"functionError\":\"Unhandled\"},"
            + "\"version\":\"1.0\",\"timestamp\":\"2026-09-19T09:11:52.059Z\","
            + "\"KinesisBatchInfo\":{\"shardId\":\"shardId-000000000000\",\"startSequenceNumber\":\"4711\","
            + "\"endSequenceNumber\":\"4711\",\"approximateArrivalOfFirstRecord\":\"2026-09-19T09:11:14.716Z\","
            + "\"approximateArrivalOfLastRecord\":\"2026-09-19T09:11:14.716Z\",\"batchSize\":1,"
            + "\"streamArn\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}}";

    private Batches() {}

    static AwsSettings settings() {
        return AwsSettings.defaults()
                .with(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
                .with(() -> SDK_REGION);
    }

    static DiscardedBatch ofOne() {
        return of(record("alice", "tea".getBytes(StandardCharsets.UTF_8)));
    }

    /** Of offset 15 of partition 3 of a topic, without a value. */
    static DiscardedBatch ofTombstone() {
        Record record = Record.ofKafka(
                new Shard("orders", "orders-3"),
                new KafkaMetadata("orders", 3, 15, KafkaMetadata.TimestampType.CREATE_TIME, new byte[] {1}, List.of()),
                null,
                Instant.parse("2026-09-19T09:11:14.716Z").toEpochMilli());
        return of(
                new KafkaFormat("arn:aws:kafka:us-east-1:123456789012:topic/orders", "b-1:9092", null),
                List.of(record));
    }

    static Record record(String key, byte[] data) {
        return Record.of(
                new Shard("orders", "shardId-000000000000"),
                SequenceNumber.of(4711),
                key,
                data,
                Instant.parse("2026-09-19T09:11:14.716Z").toEpochMilli());
    }

    static DiscardedBatch of(Record... records) {
        return of(KinesisFormat.of("arn:aws:kinesis:us-east-1:123456789012:stream/orders"), List.of(records));
    }

    private static DiscardedBatch of(EventFormat format, List<Record> records) {
        return new DiscardedBatch(
                new DiscardedBatch.Origin(
                        "orders-mapping",
                        "99fdb8a9-ebfe-401c-8f28-fc002132a6c9",
                        "arn:aws:lambda:us-east-1:123456789012:function:fn:prod",
                        format),
                DiscardedBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED,
                2,
                new DiscardedBatch.Response("1", "Unhandled"),
                records,
                Instant.parse("2026-09-19T09:11:52.059Z"));
    }
}
