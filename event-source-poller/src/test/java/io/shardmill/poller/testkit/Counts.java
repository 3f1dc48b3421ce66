package io.shardmill.poller.testkit;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.InvocationOutcome;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts records as Lambda's event source mapping metrics do (spec 8), and shards' beginnings and ends. */
public final class Counts implements ShardObserver {

    private final AtomicInteger polled = new AtomicInteger();
    private final AtomicInteger filteredOut = new AtomicInteger();
    private final AtomicInteger filterings = new AtomicInteger();
    private final AtomicInteger unfilterable = new AtomicInteger();
    private final AtomicInteger invoked = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger cutShort = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger crashed = new AtomicInteger();

    @Override
    public void polled(Shard shard, int records) {
        polled.addAndGet(records);
    }

    @Override
    public void filteredOut(Shard shard, int records) {
        filteredOut.addAndGet(records);
        filterings.incrementAndGet();
    }

    @Override
    public void unfilterable(Record record, Throwable fault) {
        unfilterable.incrementAndGet();
    }

    @Override
    public void invoking(Shard shard, int records, long iteratorAgeMillis) {
        invoked.addAndGet(records);
    }

    @Override
    public void attempted(BatchAttempt attempt) {
        if (!(attempt.outcome() instanceof InvocationOutcome.Succeeded)) {
            failed.addAndGet(attempt.records());
        }
    }

    @Override
    public void dropped(DiscardedBatch batch) {
        dropped.addAndGet(batch.records().size());
    }

    @Override
    public void delivered(DiscardedBatch batch) {
        delivered.addAndGet(batch.records().size());
    }

    @Override
    public void destinationRefused(DiscardedBatch batch, Throwable failure) {
        refusals.incrementAndGet();
        dropped.addAndGet(batch.records().size());
    }

    @Override
    public void cutShort(Shard shard, int lane, int records) {
        cutShort.incrementAndGet();
    }

    @Override
    public void ended(Shard shard) {
        ended.incrementAndGet();
    }

    @Override
    public void lost(Shard shard) {
        lost.incrementAndGet();
    }

    @Override
    public void crashed(Shard shard, Throwable fault) {
        crashed.incrementAndGet();
    }

    public int polled() {
        return polled.get();
    }

    public int filteredOut() {
        return filteredOut.get();
    }

    /** How often it was told of filtered records, also of none. */
    public int filterings() {
        return filterings.get();
    }

    public int unfilterable() {
        return unfilterable.get();
    }

    public int invoked() {
        return invoked.get();
    }

    public int failed() {
        return failed.get();
    }

    public int delivered() {
        return delivered.get();
    }

    public int dropped() {
        return dropped.get();
    }

    /** Documents that the destination refused. */
    public int refusals() {
        return refusals.get();
    }

    /** Batches of a previous run that were retried in part. */
    public int cutShort() {
        return cutShort.get();
    }

    public int ended() {
        return ended.get();
    }

    public int lost() {
        return lost.get();
    }

    public int crashed() {
        return crashed.get();
    }
}
