package io.shardmill.kafka;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition from what the group's polling thread brings. Turns of the shard read, the polling thread brings: both under the
 * reader's lock, which is held for moments.
 */
final class PartitionReader implements ShardReader {

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** What the reader needs of the thread that polls. */
    interface Poller {

        /** The reader has room again. */
        void demand();

        /**
         * All records before the offset are finished.
         *
         * @param read how far the log was read; null if that is not known
         * @param ahead what else is finished, as the engine writes it
         */
        void finished(TopicPartition partition, long offset, @Nullable LogPosition read, String ahead);

        /** The reader is closed, and what is finished of its records is known. */
        void closed(PartitionReader reader);
    }

    private final TopicPartition partition;
    private final Position from;
    private final Runnable wake;
    private final Poller poller;
    private final PartitionQueue queue;
    private final RetryPause pause = new RetryPause();

    private final PartitionOffsets offsets = new PartitionOffsets();
    private final TipQuestion tip = new TipQuestion();

    /** What is finished of records after the first one that is not, as the engine writes it. */
    private String ahead = "";

    private OptionalLong lag = OptionalLong.empty();
    private boolean isWaiting;
    private int most;
    private long mostBytes;
    private boolean isFull;
    private boolean isGone;
    private boolean isClosed;
    private @Nullable Position trimmed;
    private @Nullable String problem;
    private @Nullable String fatalProblem;

    PartitionReader(Shard shard, TopicPartition partition, Position from, Runnable wake, Poller poller) {
        this.partition = partition;
        this.from = from;
        this.wake = wake;
        this.poller = poller;
        this.queue = new PartitionQueue(shard);
    }

    // The shard's turns.

    @Override
    public ReadResult read(int maxRecords, int maxBytes) {
        boolean hasRoomAgain;
        List<Record> records;
        synchronized (this) {
            if (queue.isEmpty()) {
                return nothing();
            }
            records = queue.take(maxRecords, maxBytes);
            offsets.given(offset(records.get(records.size() - 1).sequenceNumber()));
            hasRoomAgain = isFull && queue.size() <= most / 2 && queue.bytes() <= mostBytes / 2;
            isFull = isFull && !hasRoomAgain;
        }
        if (hasRoomAgain) {
            poller.demand();
        }
        return new ReadResult.Records(records);
    }

    private ReadResult nothing() {
        if (isGone) {
            return new ReadResult.StreamGone();
        }
        if (trimmed != null) {
            Position now = trimmed;
            trimmed = null;
            return new ReadResult.Trimmed(now);
        }
        String reason = fatalProblem == null ? problem : fatalProblem;
        if (reason != null) {
            return new ReadResult.Unavailable(reason, RETRY);
        }
        isWaiting = true;
        return new ReadResult.Nothing(tip.isAnsweredForRead());
    }

    @Override
    public synchronized OptionalLong recordsBehind() {
        return lag.isEmpty() ? lag : OptionalLong.of(lag.getAsLong() + queue.size());
    }

    @Override
    public void refresh() {
        synchronized (this) {
            tip.askUrgently();
        }
        poller.demand();
    }

    @Override
    public void finished(@Nullable SequenceNumber number, String aheadNow) {
        long offset;
        LogPosition read;
        synchronized (this) {
            ahead = aheadNow;
            if (!isBegun()) {
                return; // it is committed when the partition begins
            }
            if (number != null) {
                offsets.finished(offset(number));
            }
            offset = offsets.unfinished();
            read = offsets.read();
        }
        poller.finished(partition, offset, read, aheadNow);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            isWaiting = false;
            queue.clear();
        }
        poller.closed(this);
    }

    private static long offset(SequenceNumber number) {
        return number.lowBits();
    }

    // The polling thread.

    TopicPartition partition() {
        return partition;
    }

    /** Returns where to begin. */
    Position from() {
        return from;
    }

    /** Returns the pause before it is tried again to begin. */
    RetryPause pause() {
        return pause;
    }

    synchronized boolean isBegun() {
        return offsets.isBegun();
    }

    synchronized boolean isToBegin() {
        return !offsets.isBegun() && fatalProblem == null;
    }

    /** Returns how far the log was read, here or before; null if that is not known. */
    synchronized @Nullable LogPosition logRead() {
        return offsets.read();
    }

    /** Returns what is finished after the offset at which it begins. */
    synchronized String ahead() {
        return ahead;
    }

    /**
     * The partition is read from the offset on.
     *
     * @param known how far the log was read before; null if that is not known
     */
    synchronized void begun(long offset, @Nullable LogPosition known) {
        offsets.begin(offset, known);
    }

    /**
     * Returns whether records are wanted.
     *
     * @param most how many records may wait here
     * @param mostBytes how many bytes may
     */
    synchronized boolean hasRoom(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
        isFull = queue.size() >= most || queue.bytes() >= mostBytes;
        return !isFull && !isClosed && !isGone && fatalProblem == null;
    }

    /**
     * Takes what was polled; after a failure it has nothing of it.
     *
     * @param next the offset after the records, and after what follows them and is no record
     */
    void add(List<ConsumerRecord<byte[], byte[]>> records, long next) {
        OptionalLong replacement;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            replacement = noteEpochs(records);
            if (replacement.isEmpty()) {
                take(records, next);
            }
        }
        replacement.ifPresent(offset -> lost(offset + 1));
    }

    /** Returns the offset of a record that came in the place of a lost one. */
    private OptionalLong noteEpochs(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Integer epoch = record.leaderEpoch().orElse(null);
            if (epoch != null && offsets.isInPlaceOfLost(record.offset(), epoch)) {
                return OptionalLong.of(record.offset());
            }
            if (epoch != null) {
                offsets.polled(record.offset(), epoch);
            }
        }
        return OptionalLong.empty();
    }

    private void take(List<ConsumerRecord<byte[], byte[]>> records, long next) {
        if (!records.isEmpty()) {
            queue.add(records);
            tip.more();
        }
        offsets.polledBefore(next);
    }

    /** Returns the first offset that was not polled. */
    synchronized long polled() {
        return offsets.polled();
    }

    /** Notes how many records the partition has behind those that were brought, as the broker said last. */
    synchronized void lag(OptionalLong records) {
        lag = records;
    }

    /** Returns whether the shard wants to know that it has all records. */
    synchronized boolean isRefreshDue() {
        return tip.isDue() && queue.isEmpty() && !isClosed;
    }

    /** Returns whether somebody waits for that. */
    synchronized boolean isRefreshUrgent() {
        return tip.isUrgent() && isRefreshDue();
    }

    /** Returns what a later {@link #refreshed} answers. */
    synchronized long refreshes() {
        return tip.number();
    }

    /**
     * The shard has all records that there were when the broker was asked.
     *
     * @param asked what {@link #refreshes} was before that
     */
    void refreshed(long asked) {
        synchronized (this) {
            if (!queue.isEmpty() || !tip.answer(asked)) {
                return;
            }
            lag = OptionalLong.of(0);
        }
        wakeIfWaiting();
    }

    /** The records before this offset are gone. */
    void trimmed(long offset) {
        synchronized (this) {
            trimmed = Position.at(SequenceNumber.of(offset));
            offsets.trimmed(offset, queue.isEmpty());
        }
        wakeIfWaiting();
    }

    /** The log has lost records before the offset: it is not read on. */
    void lost(long offset) {
        synchronized (this) {
            fatalProblem = partition + " has lost records before offset " + offset
                    + "; replay the mapping from a time or from TRIM_HORIZON";
        }
        wakeIfWaiting();
    }

    /** Notes that nothing can be polled at present. */
    void failedFor(Throwable failure) {
        troubled(ClientFailure.describe(failure));
    }

    /** Notes why nothing can be polled at present; null if something can. */
    void troubled(@Nullable String reason) {
        synchronized (this) {
            if (reason == null && problem == null) {
                return;
            }
            problem = reason;
        }
        wakeIfWaiting();
    }

    void gone() {
        synchronized (this) {
            isGone = true;
        }
        wakeIfWaiting();
    }

    /**
     * Returns the lowest offset that is not finished: after what is no record, such as the marker of a transaction, if all records
     * before it are finished.
     */
    synchronized long toBeCommitted() {
        return offsets.toBeCommitted(queue.isEmpty());
    }

    /** Wakes the shard if it waits and there are records. */
    void wakeForRecords() {
        boolean hasRecords;
        synchronized (this) {
            hasRecords = !queue.isEmpty();
        }
        if (hasRecords) {
            wakeIfWaiting();
        }
    }

    private void wakeIfWaiting() {
        synchronized (this) {
            if (!isWaiting) {
                return;
            }
            isWaiting = false;
        }
        wake.run();
    }
}
