package io.shardmill.spring;

import io.shardmill.function.Shard;
import io.shardmill.poller.control.MappingObservers;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.Position;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.spring.event.BatchDiscarded;
import io.shardmill.spring.event.BatchDiscarded.Fate;
import io.shardmill.spring.event.LaneStuck;
import io.shardmill.spring.event.LaneUnstuck;
import io.shardmill.spring.event.MappingEvent;
import io.shardmill.spring.event.ShardEnded;
import io.shardmill.spring.event.ShardStarted;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what happens to shards as application events, on one thread of its own: a listener never holds
 * up a shard. Of more than 1,000 waiting events the newest are left out.
 */
final class MappingEvents implements MappingObservers, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MappingEvents.class);
    private static final int MAX_WAITING = 1_000;

    private final ApplicationEventPublisher publisher;
    private final ThreadPoolExecutor thread;

    MappingEvents(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                DaemonThreads.named("shardmill-events"),
                (task, pool) -> {
                    if (!pool.isShutdown()) {
                        LOG.warn("Listeners of mapping events are too slow: an event is left out");
                    }
                });
        thread.allowCoreThreadTimeOut(true);
    }

    private void publish(MappingEvent event) {
        thread.execute(() -> {
            try {
                publisher.publishEvent(event);
            } catch (RuntimeException failure) {
                LOG.warn("A listener failed on {}", event, failure);
            }
        });
    }

    @Override
    public ShardObserver observe(EventSourceMapping mapping) {
        return new Publishing(mapping.name());
    }

    /** Publishes what waits, and ends. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Publishing implements ShardObserver {

        private final String mapping;

        Publishing(String mapping) {
            this.mapping = mapping;
        }

        @Override
        public void started(Shard shard, Position from) {
            publish(new ShardStarted(mapping, shard, from));
        }

        @Override
        public void ended(Shard shard) {
            publish(new ShardEnded(mapping, shard));
        }

        @Override
        public void stuck(Shard shard, int lane, Thread stuck) {
            publish(new LaneStuck(mapping, shard, lane, stuck.getName()));
        }

        @Override
        public void unstuck(Shard shard, int lane) {
            publish(new LaneUnstuck(mapping, shard, lane));
        }

        @Override
        public void dropped(DiscardedBatch batch) {
            publish(BatchDiscarded.of(batch, Fate.DROPPED));
        }

        @Override
        public void delivered(DiscardedBatch batch) {
            publish(BatchDiscarded.of(batch, Fate.DELIVERED));
        }

        @Override
        public void destinationRefused(DiscardedBatch batch, Throwable failure) {
            publish(BatchDiscarded.of(batch, Fate.REFUSED));
        }
    }
}
