package io.shardmill.poller.destination;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.KinesisFormat;
import java.time.Instant;
import java.util.List;

/** Discarded batches for tests. */
final class Discarded {

    private Discarded() {}

    static DiscardedBatch batch(String requestId) {
        Record record = Record.of(
                new Shard("orders", "shardId-000000000000"),
                SequenceNumber.of(4711),
                "secret-key",
                "secret payload",
                Instant.EPOCH);
        return new DiscardedBatch(
                new DiscardedBatch.Origin(
                        "orders-mapping",
                        requestId,
                        "arn:aws:lambda:us-east-1:123456789012:function:fn",
                        KinesisFormat.of("arn:aws:kinesis:us-east-1:123456789012:stream/orders")),
                DiscardedBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED,
                3,
                new DiscardedBatch.Response("$LATEST", "Unhandled"),
                List.of(record),
                Instant.EPOCH);
    }
}
