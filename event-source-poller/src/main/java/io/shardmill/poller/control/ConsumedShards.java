package io.shardmill.poller.control;

import io.shardmill.function.Shard;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.control.MappingStatus.ShardHolding;
import io.shardmill.poller.internal.reconcile.Observed;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.internal.shard.ShardConsumer;
import io.shardmill.poller.internal.shard.ShardEnd;
import io.shardmill.poller.monitoring.ShardObserver;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Holds the consumers of a mapping's shards in this process. Touched only inside the mapping's turns. */
final class ConsumedShards {

    /** How long another process waits for a shard at most. */
    private static final long HAND_OVER_MILLIS = 25_000;

    private record Consumed(
            ShardAssignment assignment, ShardConsumer consumer, ShardObserver observer, ShardHolding holding) {

        Shard shard() {
            return new Shard(assignment.key().stream(), assignment.row().shard());
        }

        long epoch() {
            return assignment.row().epoch();
        }
    }

    private final ControlPorts ports;
    private final Consumer<Runnable> post;
    private final BiConsumer<String, ShardEnd> over;
    private final Runnable reconcile;
    private final Map<String, Consumed> consumed = new TreeMap<>();

    /** Shards that are not consumed any more and still owned, with the epochs under which they are. */
    private final Map<String, Long> stopped = new TreeMap<>();

    /** Shards that are being handed over. */
    private final Set<String> handedOver = new HashSet<>();

    /** Shards that were stopped for other processes and are not released yet. */
    private final Map<String, Consumed> leaving = new TreeMap<>();

    /** Shards that other processes may take although an invocation of them still runs here. */
    private final Set<String> givenUp = new HashSet<>();

    /**
     * @param post runs a command in a later turn of the mapping
     * @param over called in a turn of the mapping when the consumer of a shard is over
     * @param reconcile called in a turn of the mapping when a pass is needed
     */
    ConsumedShards(ControlPorts ports, Consumer<Runnable> post, BiConsumer<String, ShardEnd> over, Runnable reconcile) {
        this.ports = ports;
        this.post = post;
        this.over = over;
        this.reconcile = reconcile;
    }

    /**
     * Consumes a shard that was taken over.
     *
     * @param before how the shards were shared until then
     */
    void start(ShardAssignment assignment, MappingPorts with, Share before) {
        String shard = assignment.row().shard();
        Acquisition acquisition = before.acquisition(shard);
        ShardConsumer consumer =
                new ShardConsumer(assignment, with, ports.engine(), end -> post.accept(() -> over(shard, end)));
        Consumed started =
                new Consumed(assignment, consumer, with.observer(), new ShardHolding(ports.now(), acquisition));
        consumed.put(shard, started);
        stopped.remove(shard);
        leaving.remove(shard);
        if (acquisition != null) {
            with.observer().acquired(started.shard(), acquisition);
        }
        with.observer().started(started.shard(), assignment.row().position());
        consumer.start();
    }

    private void over(String shard, ShardEnd end) {
        Consumed known = consumed.remove(shard);
        boolean isHandedOver = handedOver.remove(shard);
        boolean isOwned = !givenUp.remove(shard);
        if (known != null && isOwned && end == ShardEnd.STOPPED) {
            stopped.put(shard, known.epoch());
            if (isHandedOver) {
                leaving.put(shard, known);
            }
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

    /** Returns what transactions have committed of each shard. */
    Map<String, List<LaneFact>> committed() {
        Map<String, List<LaneFact>> committed = new HashMap<>();
        consumed.forEach((shard, known) -> committed.put(shard, known.consumer().committed()));
        return committed;
    }

    /** Gives shards up whose rows lack what was committed before they were read: the database was restored from an older state. */
    void giveUpLacking(Map<String, List<LaneFact>> committed, List<CheckpointRow> rows) {
        giveUp(rows.stream()
                .filter(row -> committed.getOrDefault(row.shard(), List.of()).stream()
                        .anyMatch(fact -> !row.progress().says(fact)))
                .map(CheckpointRow::shard)
                .collect(Collectors.toSet()));
    }

    /** Gives up what this process owned under another name, before other processes took it for dead. */
    void keepOnly(String owner) {
        consumed.values().stream()
                .filter(known -> !known.assignment().owner().equals(owner))
                .forEach(known -> known.consumer().lost());
    }

    /** Stops consuming shards that another process is to have; what still runs at the deadline is left behind. */
    void handOver(Set<String> shards) {
        long deadline = ports.millis() + HAND_OVER_MILLIS;
        shards.forEach(shard -> {
            Consumed known = consumed.get(shard);
            if (known != null && handedOver.add(shard)) {
                known.consumer().stop();
                ports.engine().timer().at(deadline, () -> post.accept(() -> giveUpRunning(shard, known)));
            }
        });
    }

    /** The consumer stays until its invocations return: until then nothing of the shard is started here. */
    private void giveUpRunning(String shard, Consumed known) {
        if (known.equals(consumed.get(shard)) && givenUp.add(shard)) {
            known.observer().leftRunning(known.shard());
            stopped.put(shard, known.epoch());
            reconcile.run();
        }
    }

    /** Returns the shards that are not consumed any more, or never were, and still owned, with their epochs. */
    Map<String, Long> toBeReleased(Share share) {
        Map<String, Long> epochs = new TreeMap<>(stopped);
        share.handOver().forEach(shard -> {
            Long epoch = share.epoch(shard);
            if (epoch != null && !consumed.containsKey(shard)) {
                epochs.putIfAbsent(shard, epoch);
            }
        });
        return epochs;
    }

    /** These are not owned any more. */
    void released() {
        stopped.clear();
        leaving.values().forEach(known -> known.observer().handedOver(known.shard()));
        leaving.clear();
    }

    boolean isConsuming(String shard) {
        return consumed.containsKey(shard);
    }

    boolean isEmpty() {
        return consumed.isEmpty();
    }

    /** Returns the epochs under which shards are consumed. */
    Map<String, Long> epochs() {
        Map<String, Long> epochs = new HashMap<>();
        consumed.forEach((shard, known) -> epochs.put(shard, known.epoch()));
        return epochs;
    }

    /** Returns since when shards are consumed, and how they came here. */
    Map<String, ShardHolding> holdings() {
        Map<String, ShardHolding> holdings = new HashMap<>();
        consumed.forEach((shard, known) -> holdings.put(shard, known.holding()));
        return holdings;
    }

    Observed.Shards observed(Share share) {
        return new Observed.Shards(epochs(), stopped, share);
    }

    /** Returns the consumers by shard, in order. */
    Map<String, ShardConsumer> consumers() {
        Map<String, ShardConsumer> consumers = new TreeMap<>();
        consumed.forEach((shard, known) -> consumers.put(shard, known.consumer()));
        return Collections.unmodifiableMap(consumers);
    }
}
