package io.shardmill.poller.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Mappings for as long as the object lives: for tests, and beside a store of rows that can't keep mappings. Thread-safe;
 * what it does with rows, too, is one transaction only for whoever uses this object.
 */
public final class InMemoryMappingStore implements MappingStore {

    private final CheckpointStore checkpoints;
    private final Map<String, Map<String, StoredMapping>> namespaces = new TreeMap<>();

    /** @param checkpoints keeps the rows of the mappings */
    public InMemoryMappingStore(CheckpointStore checkpoints) {
        this.checkpoints = checkpoints;
    }

    private Map<String, StoredMapping> in(String namespace) {
        return namespaces.computeIfAbsent(namespace, missing -> new TreeMap<>());
    }

    @Override
    public synchronized List<StoredMapping> all(String namespace) {
        return List.copyOf(in(namespace).values());
    }

    @Override
    public synchronized Map<String, Long> versions(String namespace) {
        Map<String, Long> versions = new TreeMap<>();
        in(namespace).forEach((name, mapping) -> versions.put(name, mapping.version()));
        return versions;
    }

    @Override
    public synchronized Optional<StoredMapping> find(String namespace, String name) {
        return Optional.ofNullable(in(namespace).get(name));
    }

    @Override
    public synchronized boolean create(String namespace, StoredMapping mapping) {
        return in(namespace).putIfAbsent(mapping.name(), mapping) == null;
    }

    @Override
    public synchronized boolean update(String namespace, StoredMapping mapping) {
        StoredMapping stored = in(namespace).get(mapping.name());
        if (stored == null || stored.version() != mapping.version() - 1) {
            return false;
        }
        in(namespace).put(mapping.name(), mapping);
        return true;
    }

    @Override
    public synchronized boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows) {
        StoredMapping stored = in(key.namespace()).get(key.mapping());
        if (stored == null || !stored.awaitsReplay(replay)) {
            return false;
        }
        checkpoints.replace(key, rows);
        in(key.namespace()).put(key.mapping(), stored.withReplayApplied());
        return true;
    }

    @Override
    public synchronized boolean delete(String namespace, String name, long version) {
        StoredMapping stored = in(namespace).get(name);
        if (stored == null || stored.version() != version || !stored.deleted()) {
            return false;
        }
        in(namespace).remove(name);
        for (MappingKey key : checkpoints.mappings(namespace)) {
            if (key.mapping().equals(name)) {
                checkpoints.delete(
                        key,
                        checkpoints.load(key).stream().map(CheckpointRow::shard).toList());
            }
        }
        return true;
    }

    /** Returns what makes the store as it is now once more, as the restore of a backup. */
    public synchronized Runnable backup() {
        Map<String, Map<String, StoredMapping>> now = new TreeMap<>();
        namespaces.forEach((namespace, rows) -> now.put(namespace, Map.copyOf(rows)));
        return () -> restore(now);
    }

    private synchronized void restore(Map<String, Map<String, StoredMapping>> then) {
        namespaces.clear();
        then.forEach((namespace, rows) -> namespaces.put(namespace, new TreeMap<>(rows)));
    }
}
