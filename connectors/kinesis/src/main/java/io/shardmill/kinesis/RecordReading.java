package io.shardmill.kinesis;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.List;

/** Makes the engine's records of Kinesis's, from a position on. Not thread-safe: its reader guards it. */
final class RecordReading {

    private final Shard shard;
    private Position next;

    RecordReading(Shard shard, Position from) {
        this.shard = shard;
        this.next = from;
    }

    /** Returns where reading goes on after what was {@linkplain #read read}. */
    Position next() {
        return next;
    }

    /** @throws RuntimeException if a record is malformed; then none is read */
    List<Record> read(List<software.amazon.awssdk.services.kinesis.model.Record> stored) {
        List<Record> records = new ArrayList<>(stored.size());
        for (software.amazon.awssdk.services.kinesis.model.Record record : stored) {
            SequenceNumber number = SequenceNumber.parse(record.sequenceNumber());
            records.add(Record.of(
                    shard,
                    number,
                    record.partitionKey(),
                    record.data().asByteArrayUnsafe(),
                    record.approximateArrivalTimestamp().toEpochMilli()));
        }
        if (!records.isEmpty()) {
            next = Position.after(records.get(records.size() - 1).sequenceNumber());
        }
        return records;
    }
}
