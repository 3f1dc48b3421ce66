package io.shardmill.kafka;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.KafkaMetadata.TimestampType;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.DiscardedBatch.Response;
import io.shardmill.poller.event.KafkaFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches that were given up of partition 3 of the topic {@code orders-prod}, which is the stream {@code orders}. */
final class DiscardedBatches {

    private static final Shard PARTITION = new Shard("orders", "orders-prod-3");

    private DiscardedBatches() {}

    static Record record(long offset, @Nullable String key, @Nullable String value, Header... headers) {
        return Record.ofKafka(
                PARTITION,
                new KafkaMetadata("orders-prod", 3, offset, TimestampType.CREATE_TIME, bytes(key), List.of(headers)),
                bytes(value),
                1_789_809_023_187L);
    }

    static DiscardedBatch of(Record... records) {
        return new DiscardedBatch(
                new DiscardedBatch.Origin(
                        "printOrders",
                        "request",
                        "arn:aws:lambda:us-east-1:000000000000:function:print",
                        new KafkaFormat("arn:aws:kafka:us-east-1:000000000000:topic/orders", "b-1:9092", null)),
                new DiscardedBatch.Place(PARTITION, null),
                Condition.RETRY_ATTEMPTS_EXHAUSTED,
                3,
                new Response("$LATEST", "Unhandled"),
                List.of(records),
                Instant.parse("2026-09-19T09:11:52.059Z"));
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
