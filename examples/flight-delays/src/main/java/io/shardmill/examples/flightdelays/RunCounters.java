package io.shardmill.examples.flightdelays;

import io.shardmill.function.Shard;
import io.shardmill.poller.control.MappingObservers;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** What happened in this run. */
@Component
class RunCounters implements MappingObservers, ShardObserver {

    private final LongAdder batches = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder isolated = new LongAdder();

    @Override
    public ShardObserver observe(EventSourceMapping mapping) {
        return this;
    }

    @Override
    public void attempted(BatchAttempt attempt) {
        batches.increment();
        if (attempt.attempt().number() > 1) {
            retried.increment();
        }
    }

    @Override
    public void acknowledged(Shard shard, int records) {
        delivered.add(records);
    }

    @Override
    public void delivered(DiscardedBatch batch) {
        isolated.add(batch.records().size());
    }

    /** Invocations of the function, retries included. */
    long batches() {
        return batches.sum();
    }

    long retried() {
        return retried.sum();
    }

    long delivered() {
        return delivered.sum();
    }

    long isolated() {
        return isolated.sum();
    }
}
