package io.shardmill.poller.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Mappings for as long as the object lives: for tests, and beside a store of rows that can't keep mappings. Thread-safe;
 * a deletion is one transaction only for whoever uses this object.
 */
public final class InMemoryMappingStore implements MappingStore {

    private final CheckpointStore checkpoints;
    private final Map<String, Map<String, StoredMapping>> namespaces = new TreeMap<>();

    /** @param checkpoints keeps the rows of the mappings, and whether they are paused */
    public InMemoryMappingStore(CheckpointStore checkpoints) {
        this.checkpoints = checkpoints;
    }

    private Map<String, StoredMapping> in(String namespace) {
        return namespaces.computeIfAbsent(namespace, missing -> new TreeMap<>());
    }

    private StoredMapping asItIs(String namespace, StoredMapping mapping) {
        return new StoredMapping(
                mapping.name(),
                mapping.document(),
                !checkpoints.isPaused(namespace, mapping.name()),
                mapping.lastModified());
    }

    @Override
    public synchronized List<StoredMapping> all(String namespace) {
        return in(namespace).values().stream()
                .map(mapping -> asItIs(namespace, mapping))
                .toList();
    }

    @Override
    public synchronized Optional<StoredMapping> find(String namespace, String name) {
        return Optional.ofNullable(in(namespace).get(name)).map(mapping -> asItIs(namespace, mapping));
    }

    @Override
    public synchronized boolean create(String namespace, StoredMapping mapping) {
        if (in(namespace).containsKey(mapping.name())) {
            return false;
        }
        put(namespace, mapping);
        return true;
    }

    @Override
    public synchronized boolean update(String namespace, StoredMapping mapping) {
        if (!in(namespace).containsKey(mapping.name())) {
            return false;
        }
        put(namespace, mapping);
        return true;
    }

    private void put(String namespace, StoredMapping mapping) {
        checkpoints.setPaused(namespace, mapping.name(), !mapping.enabled());
        in(namespace).put(mapping.name(), mapping);
    }

    @Override
    public synchronized void delete(String namespace, String name) {
        in(namespace).remove(name);
        checkpoints.setPaused(namespace, name, false);
        deleteRows(namespace, name);
    }

    private void deleteRows(String namespace, String name) {
        for (MappingKey key : checkpoints.mappings(namespace)) {
            if (key.mapping().equals(name)) {
                checkpoints.delete(
                        key,
                        checkpoints.load(key).stream().map(CheckpointRow::shard).toList());
            }
        }
    }
}
