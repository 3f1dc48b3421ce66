package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.testkit.ForwardingMappingStore;
import java.util.List;

/** The mappings of a database as one process sees them: replays may fail before they are carried out, or after it. */
final class GroupMappingStore extends ForwardingMappingStore {

    private final GroupStore rows;
    private final GroupProcess process;
    private final GroupWorld world;

    GroupMappingStore(GroupDatabase database, GroupStore rows, GroupProcess process, GroupWorld world) {
        super(database.mappings());
        this.rows = rows;
        this.process = process;
        this.world = world;
    }

    @Override
    public boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> replaced) {
        return rows.call(() -> {
            boolean isApplied = super.applyReplay(key, replay, replaced);
            if (isApplied) {
                replaced.forEach(row -> world.ledger.replayed(process, row));
            }
            return isApplied;
        });
    }
}
