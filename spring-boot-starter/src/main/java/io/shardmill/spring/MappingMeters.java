package io.shardmill.spring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.shardmill.function.Shard;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure.Kind;
import java.util.concurrent.TimeUnit;

/**
 * Lambda's metrics of a mapping (spec 8), under its names in lower case: {@code PolledEventCount} is the meter
 * {@code shardmill.polled.event.count}, and so on. What did not happen is 0, but {@code FilteredOutEventCount} is only there
 * for a mapping with filters.
 */
final class MappingMeters implements ShardObserver {

    private final Meters meters;
    private final Counter invocations;
    private final Counter errors;
    private final Counter throttles;
    private final Counter destinationDeliveryFailures;
    private final Counter polled;
    private final Counter invoked;
    private final Counter failedInvoke;
    private final Counter dropped;
    private final Counter delivered;
    private final Counter received;
    private final Counter takenOver;
    private final Counter handedOver;
    private final Counter leftRunning;
    private final Counter contended;
    private final Timer iteratorAge;
    private final Timer duration;

    /** @param tags those that all meters of the mapping have */
    MappingMeters(MeterRegistry registry, Tags tags) {
        meters = new Meters(registry, tags);
        invocations = meters.counter("invocations", "Times the function was run: failed ones too, throttled ones not");
        errors = meters.counter("errors", "Invocations in which the function threw or ran out of time");
        throttles = meters.counter(
                "throttles", "Attempts to invoke that found no free invocation, or no function; the batch waits");
        destinationDeliveryFailures =
                meters.counter("destination.delivery.failures", "Discarded batches that the destination refused");
        polled = meters.counter("polled.event.count", "Records read");
        invoked = meters.counter("invoked.event.count", "Records handed to the function, again at each retry");
        failedInvoke = meters.counter("failed.invoke.event.count", "Records of failed invocations");
        dropped = meters.counter("dropped.event.count", "Records given up that no destination took");
        delivered = meters.counter(
                "on.failure.destination.delivered.event.count", "Records given up that the destination took");
        received = meters.counter("shards.received", "Shards that this process took after another one released them");
        takenOver = meters.counter("shards.taken.over", "Shards that this process took from one that is dead");
        handedOver = meters.counter("shards.handed.over", "Shards that this process released for another one, cleanly");
        leftRunning = meters.counter(
                "shards.left.running",
                "Shards that this process released for another one while an invocation did not return");
        contended = meters.counter("shards.contended", "Shards that another process took first");
        iteratorAge = meters.timer("iterator.age", "Age of a batch's last record when it is handed to the function");
        duration = meters.timer("duration", "Time the function took");
    }

    private record Meters(MeterRegistry registry, Tags tags) {

        Counter counter(String name, String description) {
            return Counter.builder("shardmill." + name)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }

        Timer timer(String name, String description) {
            return Timer.builder("shardmill." + name)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }
    }

    void ran(long nanos) {
        duration.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void acquired(Shard shard, Acquisition acquisition) {
        switch (acquisition.kind()) {
            case HANDED_OVER, RELEASED -> received.increment();
            case TAKEN_OVER -> takenOver.increment();
            case FIRST, KEPT -> {} // it was nobody else's
        }
    }

    @Override
    public void contended(Shard shard) {
        contended.increment();
    }

    @Override
    public void handedOver(Shard shard) {
        handedOver.increment();
    }

    @Override
    public void leftRunning(Shard shard) {
        leftRunning.increment();
    }

    @Override
    public void polled(Shard shard, int records) {
        polled.increment(records);
    }

    @Override
    public void filteredOut(Shard shard, int records) {
        meters.counter("filtered.out.event.count", "Records left out by the mapping's filters")
                .increment(records);
    }

    @Override
    public void invoking(Shard shard, int records, long iteratorAgeMillis) {
        iteratorAge.record(iteratorAgeMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void attempted(BatchAttempt attempt) {
        InvocationOutcome outcome = attempt.outcome();
        if (outcome instanceof InvocationOutcome.Failure failure && failure.kind() == Kind.NOT_INVOKED) {
            throttles.increment();
        }
        if (outcome.reachedFunction()) {
            invocations.increment();
            invoked.increment(attempt.records());
            if (outcome.functionError() != null) {
                errors.increment();
            }
            if (!(outcome instanceof InvocationOutcome.Succeeded)) {
                failedInvoke.increment(attempt.records());
            }
        }
    }

    @Override
    public void dropped(DiscardedBatch batch) {
        dropped.increment(batch.records().size());
    }

    @Override
    public void delivered(DiscardedBatch batch) {
        delivered.increment(batch.records().size());
    }

    @Override
    public void destinationRefused(DiscardedBatch batch, Throwable failure) {
        destinationDeliveryFailures.increment();
        dropped.increment(batch.records().size());
    }
}
