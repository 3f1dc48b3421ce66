package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.checkpoint.StoredMapping;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Forwards calls to the stores, and knows since when one of them fails or doesn't answer. Thread-safe. */
final class MonitoredStores {

    private final MonitoredCheckpoints checkpoints;
    private final MonitoredMappings mappings;

    MonitoredStores(EngineStores stores, InstantSource clock) {
        this.checkpoints = new MonitoredCheckpoints(stores.checkpoints(), new StoreMonitor(clock));
        this.mappings = new MonitoredMappings(stores.mappings(), new StoreMonitor(clock));
    }

    CheckpointStore checkpoints() {
        return checkpoints;
    }

    MappingStore mappings() {
        return mappings;
    }

    /** Returns the failure that lasts longest, or null; at once. */
    @Nullable
    StoreFailure failure() {
        StoreFailure ofCheckpoints = checkpoints.monitor().failure();
        StoreFailure ofMappings = mappings.monitor().failure();
        return StoreFailure.earliest(ofCheckpoints, ofMappings);
    }

    private record MonitoredCheckpoints(CheckpointStore store, StoreMonitor monitor) implements CheckpointStore {

        @Override
        public String id() {
            return monitor.call(store::id);
        }

        @Override
        public List<CheckpointRow> load(MappingKey key) {
            return monitor.call(() -> store.load(key));
        }

        @Override
        public List<MappingKey> mappings(String namespace) {
            return monitor.call(() -> store.mappings(namespace));
        }

        @Override
        public List<MappingKey> inAllNamespaces(String mapping, String stream) {
            return monitor.call(() -> store.inAllNamespaces(mapping, stream));
        }

        @Override
        public void create(MappingKey key, List<CheckpointRow> rows) {
            monitor.run(() -> store.create(key, rows));
        }

        @Override
        public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
            return monitor.call(() -> store.takeOver(key, epochs, owner));
        }

        @Override
        public void release(MappingKey key, Map<String, Long> epochs, String owner) {
            monitor.run(() -> store.release(key, epochs, owner));
        }

        @Override
        public List<ShardOwnership> unfinished(String namespace) {
            return monitor.call(() -> store.unfinished(namespace));
        }

        @Override
        public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
            return monitor.call(() -> store.save(updates));
        }

        @Override
        public void replace(MappingKey key, List<CheckpointRow> rows) {
            monitor.run(() -> store.replace(key, rows));
        }

        @Override
        public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows) {
            return monitor.call(() -> store.replaceSeen(key, rows));
        }

        @Override
        public void delete(MappingKey key, Collection<String> shards) {
            monitor.run(() -> store.delete(key, shards));
        }
    }

    private record MonitoredMappings(MappingStore store, StoreMonitor monitor) implements MappingStore {

        @Override
        public List<StoredMapping> all(String namespace) {
            return monitor.call(() -> store.all(namespace));
        }

        @Override
        public Map<String, Long> versions(String namespace) {
            return monitor.call(() -> store.versions(namespace));
        }

        @Override
        public Optional<StoredMapping> find(String namespace, String name) {
            return monitor.call(() -> store.find(namespace, name));
        }

        @Override
        public boolean create(String namespace, StoredMapping mapping) {
            return monitor.call(() -> store.create(namespace, mapping));
        }

        @Override
        public boolean update(String namespace, StoredMapping mapping) {
            return monitor.call(() -> store.update(namespace, mapping));
        }

        @Override
        public boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows) {
            return monitor.call(() -> store.applyReplay(key, replay, rows));
        }

        @Override
        public boolean delete(String namespace, String name, long version) {
            return monitor.call(() -> store.delete(namespace, name, version));
        }
    }
}
