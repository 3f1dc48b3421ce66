package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the replays of a mapping. Touched only inside the mapping's turns. */
final class MappingReplays {

    private static final Logger LOG = LoggerFactory.getLogger(MappingReplays.class);

    private final MappingStore store;
    private final MappingStream stream;
    private final StreamParticipation participation;
    private final PendingChanges changes;
    private @Nullable Replay atStart;

    /** @param atStart from where to deliver again before anything else, or null */
    MappingReplays(
            MappingStore store,
            MappingStream stream,
            StreamParticipation participation,
            PendingChanges changes,
            @Nullable Replay atStart) {
        this.store = store;
        this.stream = stream;
        this.participation = participation;
        this.changes = changes;
        this.atStart = atStart;
    }

    /** Carries out a stored one, unless another process has. */
    void apply(EventSourceMapping mapping, StoredReplay replay) {
        List<CheckpointRow> rows = List.of();
        IllegalArgumentException impossible = null;
        try {
            rows = stream.rowsOf(Replay.parse(replay.from()));
            participation.supersedePositions(); // before, as the answer of the store may be lost
        } catch (IllegalArgumentException noSuchPosition) {
            impossible = noSuchPosition;
        }
        boolean isApplied = store.applyReplay(stream.key(), replay.id(), rows);
        if (impossible != null) {
            LOG.warn(
                    "Mapping '{}' can't be replayed and continues from its checkpoints: {}",
                    mapping.label(),
                    impossible.getMessage());
            changes.fail(replay.id(), impossible);
        } else if (isApplied) {
            LOG.info("Mapping '{}' replays stream '{}' from {}", mapping.label(), mapping.stream(), replay.from());
        }
    }

    /** Returns from where to deliver again before anything else; null if that is done, or was not asked for. */
    @Nullable
    String atStart() {
        return atStart == null ? null : atStart.asText();
    }

    /** One that was asked for with the start, perhaps of all mappings: a stream without such a position is not replayed. */
    void applyAtStart(EventSourceMapping mapping, String from) {
        try {
            stream.replaceRows(stream.rowsOf(Replay.parse(from)));
            participation.supersedePositions();
            LOG.info("Mapping '{}' replays stream '{}' from {}", mapping.label(), mapping.stream(), from);
        } catch (IllegalArgumentException impossible) {
            LOG.warn(
                    "Mapping '{}' is not replayed and continues from its checkpoints: {}",
                    mapping.label(),
                    impossible.getMessage());
        }
        atStart = null;
    }

    void dropAtStart(EventSourceMapping mapping) {
        LOG.warn(
                "Mapping '{}' is not replayed and continues from its checkpoints: other processes consume its stream. Ask one of"
                        + " them for the replay, and it is carried out for all",
                mapping.label());
        atStart = null;
    }
}
