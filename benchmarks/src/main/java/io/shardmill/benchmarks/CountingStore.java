package io.shardmill.benchmarks;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A store that counts what is saved. */
final class CountingStore implements CheckpointStore {

    private final CheckpointStore store;
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    CountingStore(CheckpointStore store) {
        this.store = store;
    }

    /** Calls of {@link #save}, each a transaction. */
    long commits() {
        return commits.get();
    }

    /** Rows written by them. */
    long rows() {
        return rows.get();
    }

    /** Shards that were taken. */
    long taken() {
        return taken.get();
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        commits.incrementAndGet();
        rows.addAndGet(updates.size());
        return store.save(updates);
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
    public void create(MappingKey key, List<CheckpointRow> created) {
        store.create(key, created);
    }

    @Override
    public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
        List<CheckpointRow> rows = store.takeOver(key, epochs, owner);
        taken.addAndGet(rows.size());
        return rows;
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
    public void replace(MappingKey key, List<CheckpointRow> replaced) {
        store.replace(key, replaced);
    }

    @Override
    public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> replaced) {
        return store.replaceSeen(key, replaced);
    }

    @Override
    public void delete(MappingKey key, Collection<String> shards) {
        store.delete(key, shards);
    }
}
