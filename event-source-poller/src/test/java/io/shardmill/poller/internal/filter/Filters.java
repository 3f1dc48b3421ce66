package io.shardmill.poller.internal.filter;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.KinesisFormat;
import java.time.Instant;
import java.util.List;

/** Records and filters for tests. */
final class Filters {

    static final KinesisFormat ORIGIN = KinesisFormat.of("arn:aws:kinesis:eu-west-1:123456789012:stream/orders");

    private Filters() {}

    static Record record(String payload) {
        return Record.of(
                new Shard("orders", "shardId-000000000001"),
                SequenceNumber.of(42),
                "key-1",
                payload,
                Instant.parse("2026-01-01T00:00:00.500Z"));
    }

    static boolean matches(String payload, String... patterns) {
        return RecordFilter.of(ORIGIN.filterFields(), List.of(patterns)).matches(record(payload));
    }

    static boolean takes(String pattern) {
        try {
            RecordFilter.validate(KinesisFormat.FILTERED_PAYLOAD, pattern);
            return true;
        } catch (InvalidPatternException refused) {
            return false;
        }
    }
}
