package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.MemberStore;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The members as one process sees them, with all that {@link DatabaseTrouble} does to a call: of one in ten, as there are so many
 * that no process would live for long.
 */
final class SimulatedMemberStore implements MemberStore {

    private final SimulatedProcess process;
    private final DatabaseTrouble database;
    private final SimulatedWorld world;

    SimulatedMemberStore(SimulatedProcess process, DatabaseTrouble database, SimulatedWorld world) {
        this.process = process;
        this.database = database;
        this.world = world;
    }

    private MemberStore members() {
        return world.folder.members();
    }

    private <T> T call(Supplier<T> committing) {
        return process.isPartitioned() || world.random.nextInt(10) == 0 ? database.call(committing) : committing.get();
    }

    private void call(Runnable committing) {
        call(() -> {
            committing.run();
            return true;
        });
    }

    @Override
    public void join(String namespace, String id, long timeToLiveMillis) {
        call(() -> members().join(namespace, id, timeToLiveMillis));
    }

    @Override
    public boolean renew(String namespace, String id) {
        return call(() -> members().renew(namespace, id));
    }

    @Override
    public void describe(String namespace, String id, Set<MappingKey> mappings, boolean draining) {
        call(() -> members().describe(namespace, id, mappings, draining));
    }

    @Override
    public List<MemberRow> members(String namespace) {
        return call(() -> members().members(namespace));
    }

    @Override
    public void remove(String namespace, String id, long version) {
        call(() -> members().remove(namespace, id, version));
    }

    @Override
    public void leave(String namespace, String id) {
        call(() -> members().leave(namespace, id));
    }
}
