package io.shardmill.poller.control;

import io.shardmill.function.Shard;
import io.shardmill.poller.internal.reconcile.LostShards;
import io.shardmill.poller.internal.reconcile.Observed;
import io.shardmill.poller.internal.reconcile.StreamView;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.internal.shard.ShardConsumer;
import io.shardmill.poller.internal.shard.ShardEnd;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Holds the consumers of a mapping's shards in this process. Touched only inside the mapping's turns. */
final class ConsumedShards {

    private record Consumed(ShardConsumer consumer, long epoch) {}

    private final ControlPorts ports;
    private final Consumer<Runnable> post;
    private final BiConsumer<String, ShardEnd> over;
    private final Map<String, Consumed> consumed = new TreeMap<>();
    private LostShards lost = LostShards.NONE;

    /**
     * @param post runs a command in a later turn of the mapping
     * @param over called in a turn of the mapping when the consumer of a shard is over
     */
    ConsumedShards(ControlPorts ports, Consumer<Runnable> post, BiConsumer<String, ShardEnd> over) {
        this.ports = ports;
        this.post = post;
        this.over = over;
    }

    /** Consumes a shard that was taken over. */
    void start(ShardAssignment assignment, MappingPorts with) {
        String shard = assignment.row().shard();
        ShardConsumer consumer =
                new ShardConsumer(assignment, with, ports.engine(), end -> post.accept(() -> over(shard, end)));
        consumed.put(shard, new Consumed(consumer, assignment.row().epoch()));
        lost = lost.without(shard);
        with.observer()
                .started(
                        new Shard(assignment.key().stream(), shard),
                        assignment.row().position());
        consumer.start();
    }

    private void over(String shard, ShardEnd end) {
        consumed.remove(shard);
        if (end == ShardEnd.LOST) {
            lost = lost.with(shard, ports.millis());
        }
        over.accept(shard, end);
    }

    void stop() {
        consumed.values().forEach(shard -> shard.consumer().stop());
    }

    void leaveUnsaved() {
        consumed.values().forEach(shard -> shard.consumer().leaveUnsaved());
    }

    void abandon() {
        consumed.values().forEach(shard -> shard.consumer().abandon());
    }

    /** Gives shards up that another process has. */
    void giveUp(Set<String> shards) {
        consumed.forEach((shard, known) -> {
            if (shards.contains(shard)) {
                known.consumer().lost();
            }
        });
    }

    /** Takes back at the next start what other processes took. */
    void takeBack() {
        lost = LostShards.NONE;
    }

    /** Compares what other processes took with the rows as they are now. */
    void seen(StreamView stream) {
        if (stream instanceof StreamView.Current current) {
            lost = lost.seen(current.rows(), ports.millis());
        }
    }

    boolean isEmpty() {
        return consumed.isEmpty();
    }

    LostShards lost() {
        return lost;
    }

    /** Returns the epochs under which shards are consumed. */
    Map<String, Long> epochs() {
        Map<String, Long> epochs = new HashMap<>();
        consumed.forEach((shard, known) -> epochs.put(shard, known.epoch()));
        return epochs;
    }

    Observed.Shards observed() {
        return new Observed.Shards(epochs(), lost);
    }

    /** Returns the consumers by shard, in order. */
    Map<String, ShardConsumer> consumers() {
        Map<String, ShardConsumer> consumers = new TreeMap<>();
        consumed.forEach((shard, known) -> consumers.put(shard, known.consumer()));
        return Collections.unmodifiableMap(consumers);
    }
}
