package io.shardmill.poller.testkit;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Hands everything on to another store. */
public abstract class ForwardingStore implements CheckpointStore {

    private final CheckpointStore store;

    protected ForwardingStore(CheckpointStore store) {
        this.store = store;
    }

    @Override
    public String id() {
        return store.id();
    }

    @Override
    public List<CheckpointRow> load(MappingKey key) {
        return store.load(key);
    }

    @Override
    public List<MappingKey> mappings(String namespace) {
        return store.mappings(namespace);
    }

    @Override
    public List<MappingKey> inAllNamespaces(String mapping, String stream) {
        return store.inAllNamespaces(mapping, stream);
    }

    @Override
    public void create(MappingKey key, List<CheckpointRow> rows) {
        store.create(key, rows);
    }

    @Override
    public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
        return store.takeOver(key, epochs, owner);
    }

    @Override
    public void release(MappingKey key, Map<String, Long> epochs, String owner) {
        store.release(key, epochs, owner);
    }

    @Override
    public List<ShardOwnership> unfinished(String namespace) {
        return store.unfinished(namespace);
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        return store.save(updates);
    }

    @Override
    public void replace(MappingKey key, List<CheckpointRow> rows) {
        store.replace(key, rows);
    }

    @Override
    public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows) {
        return store.replaceSeen(key, rows);
    }

    @Override
    public void delete(MappingKey key, Collection<String> shards) {
        store.delete(key, shards);
    }
}
