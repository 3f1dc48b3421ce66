package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the oracle knows of a shard: what was put, what has to be finished, and what really is. */
final class ShardBook {

    final String id;
    final List<String> parents;
    final List<Record> records = new ArrayList<>();
    boolean closed;

    /** No longer listed: what a consumer has not read is gone, and what it has read is all that there is of it. */
    boolean forgotten;

    /** Whether the mapping has ever seen it. */
    boolean hasHadRow;

    /** Another one after each replay: what was finished before it counts no more. */
    int era;

    private int eras;

    /** What transactions had written before the database went back, and is not there any more. */
    final Set<SequenceNumber> lost = new HashSet<>();

    /** Where the records begin that the mapping owes; null if it owes none. */
    private @Nullable Position start = Position.trimHorizon();

    private final Map<SequenceNumber, Long> putAt = new HashMap<>();
    private final Map<SequenceNumber, Record> byNumber = new HashMap<>();

    private final Set<SequenceNumber> finished = new HashSet<>();

    /** By transactions of functions. */
    private final Set<SequenceNumber> written = new HashSet<>();

    /** By a filter, and not delivered. */
    private final Set<SequenceNumber> leftOut = new HashSet<>();

    /** Trimmed by the stream: they are not owed any more. */
    private final Set<SequenceNumber> trimmed = new HashSet<>();

    ShardBook(String id, List<String> parents) {
        this.id = id;
        this.parents = parents;
    }

    void put(Record record, long now) {
        records.add(record);
        putAt.put(record.sequenceNumber(), now);
        byNumber.put(record.sequenceNumber(), record);
    }

    /** The record that was put, of which the engine may have made a copy: then a true one. */
    Record asPut(Record delivered) {
        Record put = byNumber.get(delivered.sequenceNumber());
        if (put == null || !isCopy(put, delivered)) {
            throw new Violation(delivered + " is not what was put: " + put);
        }
        return put;
    }

    private static boolean isCopy(Record put, Record delivered) {
        return put.shard().equals(delivered.shard())
                && put.partitionKey().equals(delivered.partitionKey())
                && put.approximateArrivalMillis() == delivered.approximateArrivalMillis()
                && put.data().equals(delivered.data());
    }

    /** What was put before {@code time}, is still there, and lies behind the number, or behind the start if that is null. */
    List<Record> unreadAfter(@Nullable SequenceNumber number, long time) {
        return forgotten
                ? List.of()
                : records.stream()
                        .filter(record ->
                                number == null || record.sequenceNumber().compareTo(number) > 0)
                        .filter(record -> !trimmed.contains(record.sequenceNumber()) && isInReach(record))
                        .filter(record -> putAt.getOrDefault(record.sequenceNumber(), 0L) < time)
                        .toList();
    }

    void begin(@Nullable Position start) {
        this.start = start;
        finished.clear();
        leftOut.clear();
        written.clear();
        era = ++eras;
    }

    /** What was owed and finished at some time. */
    record Snapshot(
            @Nullable Position start,
            boolean hasHadRow,
            int era,
            Set<SequenceNumber> finished,
            Set<SequenceNumber> written,
            Set<SequenceNumber> leftOut) {}

    Snapshot snapshot() {
        return new Snapshot(start, hasHadRow, era, Set.copyOf(finished), Set.copyOf(written), Set.copyOf(leftOut));
    }

    /** @param then null if the shard was not there yet */
    void goBack(@Nullable Snapshot then) {
        lost.clear();
        lost.addAll(written);
        written.clear();
        hasHadRow = then != null && then.hasHadRow;
        if (then != null) {
            start = then.start;
            written.addAll(then.written);
            lost.removeAll(then.written);
        }
        finished.removeAll(lost);
        if (then != null) {
            finished.addAll(then.finished);
            leftOut.addAll(then.leftOut);
        }
        era = then == null ? ++eras : then.era;
    }

    void finish(Record record) {
        finished.add(record.sequenceNumber());
    }

    /** A transaction has written what belongs to the record. */
    void write(Record record) {
        Violation.unless(written.add(record.sequenceNumber()), record + " is written twice");
        finish(record);
    }

    void leaveOut(Record record) {
        leftOut.add(record.sequenceNumber());
    }

    /** A consumer begins where a row says: what was left out and is not passed by it, is judged again, and maybe otherwise. */
    void judgeAgain(Progress progress) {
        leftOut.removeIf(number -> !saysFinished(progress, Objects.requireNonNull(byNumber.get(number))));
    }

    boolean isFinished(Record record) {
        return finished.contains(record.sequenceNumber()) || leftOut.contains(record.sequenceNumber());
    }

    /** The shard's oldest records are gone. */
    void trim(int count) {
        records.subList(0, count).forEach(record -> trimmed.add(record.sequenceNumber()));
    }

    /** Whether the mapping still has to do something with the record. */
    boolean isOwed(Record record) {
        return !forgotten && !isFinished(record) && !trimmed.contains(record.sequenceNumber()) && isInReach(record);
    }

    /** Whether it lies at or after the mapping's start. */
    boolean isInReach(Record record) {
        Position from = start;
        return from != null && records.indexOf(record) >= indexAt(from);
    }

    List<Record> owed() {
        return forgotten ? List.of() : unfinished();
    }

    /** What is not finished, be it owed or, with its shard, forgotten. */
    List<Record> unfinished() {
        Position from = start;
        if (from == null) {
            return List.of();
        }
        return records.subList(indexAt(from), records.size()).stream()
                .filter(record -> !isFinished(record) && !trimmed.contains(record.sequenceNumber()))
                .toList();
    }

    /** The index of the first record at the position. */
    int indexAt(Position position) {
        int index = 0;
        while (index < records.size() && !isAt(position, records.get(index))) {
            index++;
        }
        return index;
    }

    private static boolean isAt(Position position, Record record) {
        SequenceNumber number = record.sequenceNumber();
        if (position instanceof Position.After after) {
            return number.compareTo(after.number()) > 0;
        }
        if (position instanceof Position.At at) {
            return number.compareTo(at.number()) >= 0;
        }
        if (position instanceof Position.AtTimestamp at) {
            return record.approximateArrivalMillis() >= at.timestamp().toEpochMilli();
        }
        return true;
    }

    /** What a row says of a record. */
    static boolean saysFinished(Progress progress, Record record) {
        if (reaches(progress.watermark(), record)) {
            return true;
        }
        for (LaneFact fact : progress.ahead()) {
            if (reaches(fact.through(), record) && laneOf(record, fact.factor()) == fact.lane()) {
                return true;
            }
        }
        return false;
    }

    private static boolean reaches(@Nullable SequenceNumber through, Record record) {
        return through != null && record.sequenceNumber().compareTo(through) <= 0;
    }

    /** The format's lane hash, written a second time: the key's hash code through murmur3's finalizer. */
    static int laneOf(Record record, int factor) {
        long hash = keyHash(record) & 0xffffffffL;
        hash = ((hash ^ (hash >> 16)) * 2246822507L) & 0xffffffffL;
        hash = ((hash ^ (hash >> 13)) * 3266489909L) & 0xffffffffL;
        hash = hash ^ (hash >> 16);
        return (int) (hash % factor);
    }

    private static int keyHash(Record record) {
        if (record.kafka() == null) {
            return record.partitionKey().hashCode();
        }
        byte[] key = record.kafka().key();
        return key == null ? Long.hashCode(record.kafka().offset()) : Arrays.hashCode(key);
    }
}
