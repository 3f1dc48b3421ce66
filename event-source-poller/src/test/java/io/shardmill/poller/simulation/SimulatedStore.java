package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The database as one process sees it. A call may fail before it has committed, or after it (then the answer
 * is lost), may be slow, so that other threads run meanwhile, and may be the last thing the process does.
 */
final class SimulatedStore implements CheckpointStore {

    private final SimulatedProcess process;
    private final DatabaseTrouble database;
    private final SimulatedWorld world;

    SimulatedStore(SimulatedProcess process, DatabaseTrouble database, SimulatedWorld world) {
        this.process = process;
        this.database = database;
        this.world = world;
    }

    private <T> T call(Supplier<T> committing) {
        return database.call(committing);
    }

    private void call(Runnable committing) {
        call(() -> {
            committing.run();
            return true;
        });
    }

    @Override
    public String id() {
        return "simulated";
    }

    @Override
    public List<CheckpointRow> load(MappingKey key) {
        return call(() -> world.folder.rows().load(key));
    }

    @Override
    public List<MappingKey> mappings(String namespace) {
        return call(() -> world.folder.rows().mappings(namespace));
    }

    @Override
    public List<MappingKey> inAllNamespaces(String mapping, String stream) {
        return call(() -> world.folder.rows().inAllNamespaces(mapping, stream));
    }

    @Override
    public void create(MappingKey key, List<CheckpointRow> rows) {
        call(() -> {
            List<String> before = world.folder.rows().load(key).stream()
                    .map(CheckpointRow::shard)
                    .toList();
            world.folder.rows().create(key, rows);
            world.ledger.created(
                    rows.stream().filter(row -> !before.contains(row.shard())).toList());
        });
    }

    @Override
    public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
        return call(() -> {
            List<CheckpointRow> taken = world.folder.rows().takeOver(key, epochs, owner);
            taken.forEach(row -> {
                world.ledger.takenOver(process, row);
                process.owners.put(row.shard(), owner);
            });
            return taken;
        });
    }

    @Override
    public void release(MappingKey key, Map<String, Long> epochs, String owner) {
        call(() -> world.folder.rows().release(key, epochs, owner));
    }

    @Override
    public List<ShardOwnership> unfinished(String namespace) {
        return process.isPartitioned() || world.random.nextInt(10) == 0
                ? call(() -> world.folder.rows().unfinished(namespace))
                : world.folder.rows().unfinished(namespace);
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        world.meanwhile();
        try {
            List<CheckpointUpdate> missed = call(() -> commit(updates));
            world.meanwhile();
            world.oracle.answered(process, missed, world.time.millis());
            return missed;
        } catch (CheckpointStoreException failure) {
            world.oracle.unanswered(process, world.time.millis());
            throw failure;
        }
    }

    private List<CheckpointUpdate> commit(List<CheckpointUpdate> updates) {
        List<CheckpointUpdate> missed = world.folder.rows().save(updates);
        updates.stream().filter(update -> !missed.contains(update)).forEach(update -> {
            world.ledger.saved(update);
            world.oracle.saved(process, update, world.time.millis());
        });
        return missed;
    }

    @Override
    public void replace(MappingKey key, List<CheckpointRow> rows) {
        call(() -> {
            world.folder.rows().replace(key, rows);
            world.ledger.replaced(world.folder.rows().load(key).stream()
                    .filter(row -> rows.stream().anyMatch(one -> one.shard().equals(row.shard())))
                    .toList());
        });
    }

    @Override
    public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows) {
        return call(() -> {
            List<CheckpointRow> replaced = world.folder.rows().replaceSeen(key, rows);
            world.ledger.replaced(replaced);
            return replaced;
        });
    }

    @Override
    public void delete(MappingKey key, Collection<String> shards) {
        call(() -> {
            world.folder.rows().delete(key, shards);
            world.ledger.deleted(shards);
        });
    }
}
