package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/** Records for the tests of this package: record n has the number n, and n as its text. */
final class Batches {

    static final Shard SHARD = new Shard("orders", "shardId-000000000000");

    private Batches() {}

    static Record record(long number) {
        return record(number, "key", 0);
    }

    static Record record(long number, String key, long arrivalMillis) {
        return Record.of(
                SHARD,
                SequenceNumber.of(number),
                key,
                String.valueOf(number).getBytes(StandardCharsets.UTF_8),
                arrivalMillis);
    }

    /** The records 1 to {@code count}. */
    static List<Record> records(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(Batches::record).toList();
    }
}
