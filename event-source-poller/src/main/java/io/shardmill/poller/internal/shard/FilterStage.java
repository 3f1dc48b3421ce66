package io.shardmill.poller.internal.shard;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.internal.filter.RecordFilter;
import io.shardmill.poller.monitoring.ShardObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands the records that a mapping's filters let through to its lanes.
 *
 * @param filter null if all records are for the lanes
 */
record FilterStage(Shard shard, @Nullable RecordFilter filter, ShardObserver observer) {

    /** Returns how many of the records were left out. */
    int pass(List<Record> read, HeldRecords held) {
        if (filter == null) {
            read.forEach(held::add);
            return 0;
        }
        int left = 0;
        for (Record record : read) {
            if (matches(filter, record)) {
                held.add(record);
            } else {
                held.skip(record);
                left++;
            }
        }
        observer.filteredOut(shard, left);
        return left;
    }

    /** A record that can't be judged is delivered: the function can refuse it, but nobody can bring it back. */
    private boolean matches(RecordFilter filter, Record record) {
        try {
            return filter.matches(record);
        } catch (RuntimeException fault) {
            observer.unfilterable(record, fault);
            return true;
        }
    }
}
