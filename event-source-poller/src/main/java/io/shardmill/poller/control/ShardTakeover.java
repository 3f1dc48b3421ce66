package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.GroupPosition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Takes a mapping's shards over for this process, and releases them. Touched only inside the mapping's turns. */
final class ShardTakeover {

    private static final Logger LOG = LoggerFactory.getLogger(ShardTakeover.class);

    private final CheckpointStore store;
    private final CheckpointInitializer initializer;
    private final StreamParticipation participation;

    /** Shards that this process has started: after an update or a pause they just go on. */
    private final Set<String> started = new HashSet<>();

    ShardTakeover(CheckpointStore store, CheckpointInitializer initializer, StreamParticipation participation) {
        this.store = store;
        this.initializer = initializer;
        this.participation = participation;
    }

    /** Takes the shards of these rows over, if the rows are still as they were read. */
    List<ShardAssignment> takeOver(EventSourceMapping mapping, KnownStream known, List<CheckpointRow> rows) {
        String owner = participation.share().owner();
        Map<String, Long> epochs = new HashMap<>();
        rows.forEach(row -> epochs.put(row.shard(), row.epoch()));
        begin(known, epochs);
        return store.takeOver(known.key(), epochs, owner).stream()
                .map(row -> taken(mapping, known, owner, row))
                .toList();
    }

    /**
     * Begins shards at the group's positions where these win over their rows. A shard whose row has another epoch since it was read
     * has been taken: it begins nowhere.
     */
    private void begin(KnownStream known, Map<String, Long> epochs) {
        Map<String, GroupPosition> ofGroup = participation.positions();
        Map<String, GroupPosition> positions = new HashMap<>();
        epochs.forEach((shard, epoch) -> {
            GroupPosition position = ofGroup.get(shard);
            if (position != null && position.winsOver(epoch)) {
                positions.put(shard, position);
            }
        });
        if (!positions.isEmpty()) {
            List<CheckpointRow> begun =
                    store.replaceSeen(known.key(), initializer.rowsAt(positions, epochs, known.listing()));
            epochs.keySet().removeAll(positions.keySet());
            begun.forEach(row -> epochs.put(row.shard(), row.epoch()));
        }
    }

    private ShardAssignment taken(EventSourceMapping mapping, KnownStream known, String owner, CheckpointRow row) {
        String shard = row.shard();
        boolean isNews = initializer.isChosen(shard) || !started.contains(shard);
        started.add(shard);
        LOG.atLevel(isNews ? Level.INFO : Level.DEBUG)
                .log(
                        "Mapping '{}' starts {}/{} at {} ({})",
                        mapping.label(),
                        known.key().stream(),
                        shard,
                        row.position(),
                        initializer.reason(row, mapping));
        if (row.progress().window() != null && !mapping.batching().hasTumblingWindow()) {
            LOG.info(
                    "Mapping '{}' has no tumbling-window any more: {} of {} ends here, its state is dropped without a final"
                            + " invocation",
                    mapping.name(),
                    row.progress().window(),
                    shard);
        }
        return new ShardAssignment(RetryLimit.applied(mapping, known.source().type()), known.key(), owner, row);
    }

    /** Releases shards that this process owns under these epochs. */
    void release(MappingKey key, Map<String, Long> epochs) {
        store.release(key, epochs, participation.share().owner());
    }
}
