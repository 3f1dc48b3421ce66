package io.shardmill.kinesis;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts Kinesis's records into the engine's, from a position on. An aggregated record that is not unpacked is delivered even if a part
 * of it was finished while such records were. Not thread-safe: its reader guards it.
 */
final class RecordReading {

    private static final Logger LOG = LoggerFactory.getLogger(RecordReading.class);

    private final Shard shard;
    private final @Nullable HashKeys unpacked;
    private final ReadObserver observer;
    private Position next;
    private boolean isStrayTold;

    /** @param unpacked the shard's hash keys, if aggregated records are unpacked; null if they are delivered as they are */
    RecordReading(Shard shard, Position from, @Nullable HashKeys unpacked, ReadObserver observer) {
        this.shard = shard;
        this.next = from;
        this.unpacked = unpacked;
        this.observer = observer;
    }

    /** Returns the position after the last record that was {@linkplain #read read}. */
    Position next() {
        return next;
    }

    /** @throws RuntimeException if a record is malformed; then none is read */
    List<Record> read(List<software.amazon.awssdk.services.kinesis.model.Record> stored) {
        List<Record> records = new ArrayList<>(stored.size());
        SequenceNumber last = null;
        for (software.amazon.awssdk.services.kinesis.model.Record record : stored) {
            last = SequenceNumber.parse(record.sequenceNumber());
            byte[] data = record.data().asByteArrayUnsafe();
            long arrival = record.approximateArrivalTimestamp().toEpochMilli();
            Record whole = Record.of(shard, last, record.partitionKey(), data, arrival);
            if ((unpacked == null || !unpack(whole, data, unpacked, records)) && !next.isPast(last)) {
                records.add(whole);
            }
        }
        if (last != null) {
            next = Position.after(last);
        }
        return records;
    }

    /**
     * Adds what was packed into a record, numbered by its place: a record that is dropped keeps its number, so that the others have
     * the same in each run.
     *
     * @return false if it is no aggregated record
     */
    private boolean unpack(Record outer, byte[] data, HashKeys ours, List<Record> records) {
        List<UserRecord> inner = AggregatedRecord.unpack(data);
        if (inner == null) {
            return false;
        }
        int strays = 0;
        int place = 0;
        for (UserRecord record : inner) {
            place++;
            SequenceNumber number = outer.sequenceNumber().withSubSequence(place);
            if (next.isPast(number)) {
                continue;
            }
            if (ours.hold(record)) {
                records.add(Record.of(
                        shard, number, record.partitionKey(), record.data(), outer.approximateArrivalMillis()));
            } else {
                strays++;
            }
        }
        if (strays > 0) {
            drop(strays, inner.size(), outer.sequenceNumber());
        }
        return true;
    }

    /** Counts records that belong to another shard and logs the first: the Kinesis Producer Library retries them there. */
    private void drop(int strays, int of, SequenceNumber outer) {
        observer.strayed(shard, strays);
        if (!isStrayTold) {
            isStrayTold = true;
            LOG.warn(
                    "{} of the {} records in aggregated record {} of {} are dropped: their hash keys belong to another shard."
                            + " The Kinesis Producer Library puts such records again; another producer must"
                            + " aggregate per shard. Further ones in this shard are counted and not logged",
                    strays,
                    of,
                    outer,
                    shard);
        }
    }
}
