package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.testkit.FakeGroup.Offset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link GroupLedger} knows of a shard. */
final class GroupBook {

    final String shard;
    final List<Record> records = new ArrayList<>();
    final Set<Long> done = new HashSet<>();

    /** By store that processes share: the records before it are finished, as rows say. */
    final Map<String, Long> saved = new HashMap<>();

    final Map<GroupProcess, Integer> atWork = new HashMap<>();

    /** The first offset that is owed. */
    long from;

    /** The offset after the last record that was in work. */
    long readUpTo;

    /** The same when records of these were lost; 0 if none were since the last reset. */
    long readBeforeLoss;

    /** Whether records were lost since the last reset, read or not. */
    boolean isTruncated;

    /** Whether somebody has begun since who couldn't know of the loss: nothing is owed until the next reset. */
    boolean isPassedOver;

    /** Whether a replay was carried out since the last reset: rows may be behind what was committed before it. */
    boolean isReplayed;

    /** What an operator had set when the replay was carried out: wins over it until the member that holds the shard has marked it. */
    @Nullable
    Offset setBeforeReplay;

    @Nullable
    String holderAtReplay;

    /** Grows with each reset and replay. */
    int era;

    GroupBook(String shard) {
        this.shard = shard;
    }

    void reset(long offset) {
        from = offset;
        done.removeIf(finished -> finished >= offset);
        readBeforeLoss = 0;
        isTruncated = false;
        isPassedOver = false;
        isReplayed = false;
        setBeforeReplay = null;
        era++;
    }

    void replay(@Nullable Offset setBefore, @Nullable String holder) {
        reset(0);
        isReplayed = true;
        setBeforeReplay = setBefore;
        holderAtReplay = holder;
    }

    void truncate(long end) {
        records.removeIf(record -> GroupLedger.offset(record) >= end);
        done.removeIf(finished -> finished >= end);
        saved.replaceAll((store, next) -> Math.min(next, end));
        isTruncated = true;
        if (readUpTo > end) {
            readBeforeLoss = Math.max(readBeforeLoss, readUpTo);
        }
        readUpTo = Math.min(readUpTo, end);
    }

    /** Returns whether the record is not lost: another may have its offset. */
    boolean has(Record record) {
        return records.stream().anyMatch(known -> known.text().equals(record.text()));
    }

    @Nullable
    Record unfinished(long from, long to) {
        return records.stream()
                .filter(record -> GroupLedger.offset(record) >= from
                        && GroupLedger.offset(record) < to
                        && !done.contains(GroupLedger.offset(record)))
                .findFirst()
                .orElse(null);
    }
}
