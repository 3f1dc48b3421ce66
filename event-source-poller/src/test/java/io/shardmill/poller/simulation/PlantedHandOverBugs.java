package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.testkit.ForwardingStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Bugs that the hand-over of a shard could have, each planted where its row is released. */
final class PlantedHandOverBugs {

    private PlantedHandOverBugs() {}

    /** Releases only what it is to, and never what it once did not. */
    private static final class Keeping extends ForwardingStore {

        private final Predicate<ShardOwnership> isKept;
        private final Set<ShardOwnership> kept = new HashSet<>();

        Keeping(CheckpointStore store, Predicate<ShardOwnership> isKept) {
            super(store);
            this.isKept = isKept;
        }

        @Override
        public void release(MappingKey key, Map<String, Long> epochs, String owner) {
            Map<String, Long> released = new TreeMap<>(epochs);
            epochs.forEach((shard, epoch) -> {
                ShardOwnership ownership = new ShardOwnership(key, shard, owner, epoch, List.of());
                if (kept.contains(ownership) || isKept.test(ownership)) {
                    kept.add(ownership);
                    released.remove(shard);
                }
            });
            super.release(key, released, owner);
        }
    }

    private static boolean isInitialised(SimulatedProcess process, ShardOwnership shard) {
        ConsumerModel consumer = process.consumers.get(shard.shard());
        return consumer != null && consumer.row.epoch() == shard.epoch() && consumer.isInitialised;
    }

    /** A hand-over that is asked for before the consumer has begun is forgotten: the shard is never released. */
    static final Plant FORGOTTEN_BEFORE_THE_START = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new Keeping(store, shard -> !isInitialised(process, shard));
        }
    };

    /** A hand-over that is asked for before the consumer has begun finds none, and releases the shard while it begins. */
    static final Plant RELEASED_BEFORE_THE_START = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<ShardOwnership> unfinished(String namespace) {
                    String id = process.group().status().id();
                    if (!process.group().status().others().isEmpty()) {
                        super.unfinished(namespace).stream()
                                .filter(shard -> Objects.equals(shard.owner(), id) && !isInitialised(process, shard))
                                .forEach(shard ->
                                        super.release(shard.mapping(), Map.of(shard.shard(), shard.epoch()), id));
                    }
                    return super.unfinished(namespace);
                }
            };
        }
    };

    /** The shard is released when the deadline finds its consumer still at work, and never if that has ended before. */
    static final Plant RELEASED_AT_THE_DEADLINE_ONLY = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new Keeping(store, shard -> {
                ConsumerModel consumer = process.consumers.get(shard.shard());
                return consumer != null && !consumer.isGivenUp;
            });
        }
    };
}
