package io.shardmill.kinesis;

import io.shardmill.function.SequenceNumber;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** One shard of a {@link FakeKinesisServer}, from its creation to the end of its last record's retention. */
final class FakeShard {

    /** Kinesis's limits of one shard, for all its readers together. */
    private static final int READS_PER_SECOND = 5;

    private static final int BYTES_PER_SECOND = 2 << 20;
    private static final long SECOND = Duration.ofSeconds(1).toMillis();

    /** A record as it is kept. */
    record Stored(SequenceNumber number, Record record) {

        long arrival() {
            return record.approximateArrivalTimestamp().toEpochMilli();
        }

        int size() {
            return record.data().asByteArrayUnsafe().length
                    + record.partitionKey().length();
        }
    }

    final String id;
    final List<FakeShard> parents;
    final long streamCreated;
    final long created;
    final BigInteger firstHash;
    final BigInteger lastHash;
    private final int index;
    private final List<Stored> records = new ArrayList<>();
    private final Deque<Long> reads = new ArrayDeque<>();
    private long busyUntil = Long.MIN_VALUE;
    private long counter;
    private @Nullable SequenceNumber last;
    private long closed = Long.MAX_VALUE;

    FakeShard(
            int index,
            List<FakeShard> parents,
            long streamCreated,
            long created,
            BigInteger firstHash,
            BigInteger lastHash) {
        this.id = String.format("shardId-%012d", index);
        this.index = index;
        this.parents = parents;
        this.streamCreated = streamCreated;
        this.created = created;
        this.firstHash = firstHash;
        this.lastHash = lastHash;
    }

    /** Numbers as Kinesis makes them: of the shard's creation and index, a counter and the time, so those of shards interleave. */
    private SequenceNumber number(long count, long millis) {
        long createdSecond = created / SECOND;
        long second = millis / SECOND;
        return SequenceNumber.ofBits(
                2L << 56 | createdSecond << 20 | (index & 0xFL) << 16 | count >>> 48,
                count << 16 | second >>> 28,
                second << 36 | (long) index << 4 | 2);
    }

    private SequenceNumber first() {
        return number(0, created);
    }

    /** Returns whether the number was given by this shard: one of another has other bits, even if it lies between these. */
    boolean isOurs(SequenceNumber number) {
        return number.highBits() >>> 16 == first().highBits() >>> 16
                && (number.lowBits() & (1L << 36) - 1) == (first().lowBits() & (1L << 36) - 1)
                && !first().isAfter(number);
    }

    Stored put(String key, byte[] data, long now) {
        SequenceNumber number = number(++counter, now);
        Stored stored = new Stored(
                number,
                Record.builder()
                        .sequenceNumber(number.toString())
                        .partitionKey(key)
                        .data(SdkBytes.fromByteArrayUnsafe(data))
                        .approximateArrivalTimestamp(Instant.ofEpochMilli(now))
                        .build());
        records.add(stored);
        return stored;
    }

    void close(long now) {
        closed = now;
        last = number(++counter, now);
    }

    boolean isOpen(long at) {
        return closed > at;
    }

    long closed() {
        return closed;
    }

    /** All records that were ever put, in order. */
    List<Stored> records() {
        return records;
    }

    /** Returns the index of the first record that is kept. */
    int firstSince(long arrival) {
        int index = 0;
        while (index < records.size() && records.get(index).arrival() < arrival) {
            index++;
        }
        return index;
    }

    int firstFrom(SequenceNumber number, boolean isAfter) {
        int index = 0;
        while (index < records.size()) {
            int order = records.get(index).number().compareTo(number);
            if (isAfter ? order > 0 : order >= 0) {
                break;
            }
            index++;
        }
        return index;
    }

    /** Returns the number that all records from the index on are after. */
    String numberBefore(int index) {
        return index == 0 ? first().toString() : records.get(index - 1).record().sequenceNumber();
    }

    /** Accounts for a read; returns whether the shard's readers have asked for too much before it. */
    boolean isThrottled(long now) {
        while (!reads.isEmpty() && reads.getFirst() <= now - SECOND) {
            reads.removeFirst();
        }
        if (reads.size() >= READS_PER_SECOND || busyUntil > now) {
            return true;
        }
        reads.addLast(now);
        return false;
    }

    void spend(long bytes, long now) {
        busyUntil = Math.max(busyUntil, now) + bytes * SECOND / BYTES_PER_SECOND;
        if (busyUntil - now < SECOND) {
            busyUntil = Long.MIN_VALUE; // what fits into a second is not paced
        }
    }

    /** Describes the shard as it was at that time. */
    Shard description(long at) {
        return Shard.builder()
                .shardId(id)
                .parentShardId(parents.isEmpty() ? null : parents.get(0).id)
                .adjacentParentShardId(parents.size() < 2 ? null : parents.get(1).id)
                .hashKeyRange(hashKeys())
                .sequenceNumberRange(range -> range.startingSequenceNumber(first().toString())
                        .endingSequenceNumber(last == null || isOpen(at) ? null : last.toString()))
                .build();
    }

    ChildShard asChild() {
        return ChildShard.builder()
                .shardId(id)
                .parentShards(parents.stream().map(parent -> parent.id).toList())
                .hashKeyRange(hashKeys())
                .build();
    }

    private HashKeyRange hashKeys() {
        return HashKeyRange.builder()
                .startingHashKey(firstHash.toString())
                .endingHashKey(lastHash.toString())
                .build();
    }
}
