package io.shardmill.poller.testkit;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hands everything on to another store. */
public abstract class ForwardingMappingStore implements MappingStore {

    private final MappingStore store;

    protected ForwardingMappingStore(MappingStore store) {
        this.store = store;
    }

    @Override
    public List<StoredMapping> all(String namespace) {
        return store.all(namespace);
    }

    @Override
    public Map<String, Long> versions(String namespace) {
        return store.versions(namespace);
    }

    @Override
    public Optional<StoredMapping> find(String namespace, String name) {
        return store.find(namespace, name);
    }

    @Override
    public boolean create(String namespace, StoredMapping mapping) {
        return store.create(namespace, mapping);
    }

    @Override
    public boolean update(String namespace, StoredMapping mapping) {
        return store.update(namespace, mapping);
    }

    @Override
    public boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows) {
        return store.applyReplay(key, replay, rows);
    }

    @Override
    public boolean delete(String namespace, String name, long version) {
        return store.delete(namespace, name, version);
    }
}
