package io.shardmill.poller.monitoring;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.stream.Position;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several observers as one; what one throws is logged and hurts neither the others nor the shard. */
public final class ShardObservers implements ShardObserver {

    private static final Logger LOG = LoggerFactory.getLogger(ShardObservers.class);

    private final List<ShardObserver> observers;

    public ShardObservers(List<ShardObserver> observers) {
        this.observers = observers.stream().flatMap(ShardObservers::flatten).toList();
    }

    /** Each observer is called once, without a way through others: they are called for every batch. */
    private static Stream<ShardObserver> flatten(ShardObserver observer) {
        return observer instanceof ShardObservers several ? several.observers.stream() : Stream.of(observer);
    }

    private void each(Consumer<ShardObserver> call) {
        for (ShardObserver observer : observers) {
            try {
                call.accept(observer);
            } catch (RuntimeException | Error fault) {
                LOG.warn("An observer failed; its mapping continues", fault);
            }
        }
    }

    @Override
    public void started(Shard shard, Position from) {
        each(observer -> observer.started(shard, from));
    }

    @Override
    public void acquired(Shard shard, Acquisition acquisition) {
        each(observer -> observer.acquired(shard, acquisition));
    }

    @Override
    public void contended(Shard shard) {
        each(observer -> observer.contended(shard));
    }

    @Override
    public void handedOver(Shard shard) {
        each(observer -> observer.handedOver(shard));
    }

    @Override
    public void polled(Shard shard, int records) {
        each(observer -> observer.polled(shard, records));
    }

    @Override
    public void filteredOut(Shard shard, int records) {
        each(observer -> observer.filteredOut(shard, records));
    }

    @Override
    public void unfilterable(Record record, Throwable fault) {
        each(observer -> observer.unfilterable(record, fault));
    }

    @Override
    public void invoking(Shard shard, int records, long iteratorAgeMillis) {
        each(observer -> observer.invoking(shard, records, iteratorAgeMillis));
    }

    @Override
    public void cutShort(Shard shard, int lane, int records) {
        each(observer -> observer.cutShort(shard, lane, records));
    }

    @Override
    public void attempted(BatchAttempt attempt) {
        each(observer -> observer.attempted(attempt));
    }

    @Override
    public void acknowledged(Shard shard, int records) {
        each(observer -> observer.acknowledged(shard, records));
    }

    @Override
    public void dropped(DiscardedBatch batch) {
        each(observer -> observer.dropped(batch));
    }

    @Override
    public void delivered(DiscardedBatch batch) {
        each(observer -> observer.delivered(batch));
    }

    @Override
    public void destinationRefused(DiscardedBatch batch, Throwable failure) {
        each(observer -> observer.destinationRefused(batch, failure));
    }

    @Override
    public void notSent(Shard shard, int lane, DiscardedBatch batch, String reason) {
        each(observer -> observer.notSent(shard, lane, batch, reason));
    }

    @Override
    public void stuck(Shard shard, int lane, Thread thread) {
        each(observer -> observer.stuck(shard, lane, thread));
    }

    @Override
    public void unstuck(Shard shard, int lane) {
        each(observer -> observer.unstuck(shard, lane));
    }

    @Override
    public void trimmed(Shard shard, Position next) {
        each(observer -> observer.trimmed(shard, next));
    }

    @Override
    public void unavailable(Shard shard, String reason) {
        each(observer -> observer.unavailable(shard, reason));
    }

    @Override
    public void ended(Shard shard) {
        each(observer -> observer.ended(shard));
    }

    @Override
    public void lost(Shard shard) {
        each(observer -> observer.lost(shard));
    }

    @Override
    public void leftRunning(Shard shard) {
        each(observer -> observer.leftRunning(shard));
    }

    @Override
    public void crashed(Shard shard, Throwable fault) {
        each(observer -> observer.crashed(shard, fault));
    }
}
