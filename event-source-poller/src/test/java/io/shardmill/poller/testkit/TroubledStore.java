package io.shardmill.poller.testkit;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store whose saves can be made to fail; counts them. */
public final class TroubledStore implements CheckpointStore {

    private final CheckpointStore store;
    private @Nullable Throwable outage;
    private int saves;

    public TroubledStore(CheckpointStore store) {
        this.store = store;
    }

    /** From now on saves throw this runtime exception or error, or no more with null. */
    public void outage(@Nullable Throwable outage) {
        this.outage = outage;
    }

    /** How many saves were tried. */
    public int saves() {
        return saves;
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        saves++;
        if (outage instanceof Error error) {
            throw error;
        }
        if (outage instanceof RuntimeException exception) {
            throw exception;
        }
        return store.save(updates);
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
    public void create(MappingKey key, List<CheckpointRow> rows) {
        store.create(key, rows);
    }

    @Override
    public CheckpointRow takeOver(MappingKey key, String shard, String owner) {
        return store.takeOver(key, shard, owner);
    }

    @Override
    public void replace(MappingKey key, List<CheckpointRow> rows) {
        store.replace(key, rows);
    }

    @Override
    public void delete(MappingKey key, Collection<String> shards) {
        store.delete(key, shards);
    }

    @Override
    public boolean isPaused(String namespace, String mapping) {
        return store.isPaused(namespace, mapping);
    }

    @Override
    public void setPaused(String namespace, String mapping, boolean paused) {
        store.setPaused(namespace, mapping, paused);
    }
}
