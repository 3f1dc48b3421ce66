package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stored mappings as one process sees them, with all that {@link DatabaseTrouble} does to a call. */
final class SimulatedMappingStore implements MappingStore {

    private final DatabaseTrouble database;
    private final SimulatedWorld world;

    SimulatedMappingStore(DatabaseTrouble database, SimulatedWorld world) {
        this.database = database;
        this.world = world;
    }

    @Override
    public List<StoredMapping> all(String namespace) {
        return database.call(() -> world.folder.mappings().all(namespace));
    }

    @Override
    public Map<String, Long> versions(String namespace) {
        return world.random.nextInt(10) == 0
                ? database.call(() -> world.folder.mappings().versions(namespace))
                : world.folder.mappings().versions(namespace);
    }

    @Override
    public Optional<StoredMapping> find(String namespace, String name) {
        return database.call(() -> world.folder.mappings().find(namespace, name));
    }

    @Override
    public boolean create(String namespace, StoredMapping mapping) {
        world.meanwhile();
        return database.call(() -> noted(mapping, world.folder.mappings().create(namespace, mapping)));
    }

    @Override
    public boolean update(String namespace, StoredMapping mapping) {
        world.otherWriter.run();
        world.meanwhile();
        return database.call(() -> noted(mapping, world.folder.mappings().update(namespace, mapping)));
    }

    private boolean noted(StoredMapping mapping, boolean written) {
        if (written) {
            world.ledger.pauseStored(!mapping.enabled());
            world.accepted.stored(mapping);
        } else {
            world.tally.count("changes made again on a newer version");
        }
        return written;
    }

    @Override
    public boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows) {
        return database.call(() -> {
            boolean applied = world.folder.mappings().applyReplay(key, replay, rows);
            if (applied) {
                world.ledger.replaced(world.folder.rows().load(key).stream()
                        .filter(row -> rows.stream().anyMatch(one -> one.shard().equals(row.shard())))
                        .toList());
                world.accepted.applied(replay);
            }
            return applied;
        });
    }

    @Override
    public boolean delete(String namespace, String name, long version) {
        throw new UnsupportedOperationException("mappings of the application's are not deleted");
    }
}
