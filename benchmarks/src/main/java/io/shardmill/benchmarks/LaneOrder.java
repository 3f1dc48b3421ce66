package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.BatchFunction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A function that waits, and notices when a key's records come out of order or twice at once. */
final class LaneOrder implements BatchFunction {

    private final Duration wait;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final Map<String, SequenceNumber> last = new ConcurrentHashMap<>();
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

    LaneOrder(Duration wait) {
        this.wait = wait;
    }

    @Override
    public Result invoke(List<Record> batch) throws InterruptedException {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        for (Record record : batch) {
            if (keys.add(record.partitionKey()) && !inFlight.add(record.partitionKey())) {
                violations.incrementAndGet();
            }
            SequenceNumber before = last.put(record.partitionKey(), record.sequenceNumber());
            if (before != null && !record.sequenceNumber().isAfter(before)) {
                violations.incrementAndGet();
            }
        }
        Thread.sleep(wait.toMillis());
        inFlight.removeAll(keys);
        records.addAndGet(batch.size());
        return Result.success();
    }

    @Override
    public boolean reportsItemFailures() {
        return true;
    }

    long records() {
        return records.get();
    }

    long violations() {
        return violations.get();
    }
}
