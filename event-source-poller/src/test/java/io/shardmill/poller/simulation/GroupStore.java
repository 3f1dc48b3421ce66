package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.testkit.ForwardingStore;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A database as one process sees it: a call may be slow, and fail before it has committed or after it. */
final class GroupStore extends ForwardingStore {

    private final GroupDatabase database;
    private final GroupProcess process;
    private final GroupWorld world;

    GroupStore(GroupDatabase database, GroupProcess process, GroupWorld world) {
        super(database.rows());
        this.database = database;
        this.process = process;
        this.world = world;
    }

    <T> T call(Supplier<T> committing) {
        world.meanwhile();
        mayFail("the database can't be reached");
        T result = committing.get();
        world.meanwhile();
        mayFail("the answer is lost");
        return result;
    }

    private void mayFail(String how) {
        if (!process.isAlive() || process.isPartitioned() || world.strikes(world.badCommits)) {
            throw new CheckpointStoreException(how, new IllegalStateException(how));
        }
    }

    @Override
    public String id() {
        return database.id();
    }

    @Override
    public List<CheckpointRow> load(MappingKey key) {
        return call(() -> super.load(key));
    }

    @Override
    public List<ShardOwnership> unfinished(String namespace) {
        if (process.isPartitioned()) {
            mayFail("the database can't be reached");
        }
        return super.unfinished(namespace);
    }

    @Override
    public void create(MappingKey key, List<CheckpointRow> rows) {
        call(() -> {
            super.create(key, rows);
            return true;
        });
    }

    @Override
    public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows) {
        world.shardsMoveMeanwhile();
        return call(() -> {
            world.story.detail(() -> process.name + " replaces " + rows);
            rows.forEach(row -> world.ledger.replaces(process, row.shard()));
            return super.replaceSeen(key, rows);
        });
    }

    @Override
    public void release(MappingKey key, Map<String, Long> epochs, String owner) {
        call(() -> {
            super.release(key, epochs, owner);
            return true;
        });
    }

    @Override
    public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
        return call(() -> {
            List<CheckpointRow> taken = super.takeOver(key, epochs, owner);
            taken.forEach(row -> {
                world.story.detail(() -> process.name + " takes " + row);
                process.owners.put(row.shard(), owner);
            });
            return taken;
        });
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        return call(() -> {
            List<CheckpointUpdate> missed = super.save(updates);
            updates.stream()
                    .filter(update -> !missed.contains(update))
                    .forEach(update -> world.ledger.saved(process, update));
            return missed;
        });
    }
}
