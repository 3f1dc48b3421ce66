package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.assignment.GroupParticipation;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mapping's part in sharing its stream's shards among processes, from the first time it sees the stream on. Touched only
 * inside the mapping's turns.
 */
final class StreamParticipation {

    private static final Logger LOG = LoggerFactory.getLogger(StreamParticipation.class);

    private final Assignment processes;
    private final CheckpointStore store;
    private final Runnable changed;
    private Assignment.@Nullable Participation participation;

    /** @param changed as for {@link Assignment#join} */
    StreamParticipation(ControlPorts ports, Runnable changed) {
        this.processes = ports.coordination().assignment();
        this.store = ports.stores().checkpoints();
        this.changed = changed;
    }

    /** Takes part, unless it does already, and asks for shards. */
    void join(KnownStream stream) {
        if (participation == null) {
            participation = joined(stream);
        }
        participation.ask(true);
    }

    private Assignment.Participation joined(KnownStream stream) {
        Optional<ShardGroup> group = stream.source().group();
        if (group.isEmpty()) {
            return processes.join(stream.key(), changed);
        }
        LOG.info(
                "Mapping '{}' reads stream '{}' as consumer group '{}'",
                stream.key().mapping(),
                stream.key().stream(),
                group.get().name());
        return GroupParticipation.join(processes, stream.key(), group.get(), store.id(), changed);
    }

    /** @throws StreamUnavailableException if it can't be found out at present which shards are this process's */
    void requireAvailable() {
        String problem = participation == null ? null : participation.problem();
        if (problem != null) {
            throw new StreamUnavailableException(problem);
        }
    }

    /** Returns which of the shards this process is to consume. */
    Share share() {
        return participation == null ? Share.unknown("nobody") : participation.share();
    }

    /** Returns where the stream's own group says that shards begin. */
    Map<String, GroupPosition> positions() {
        return participation == null ? Map.of() : participation.positions();
    }

    /** The rows count from now on, whatever positions were set before. */
    void supersedePositions() {
        if (participation != null) {
            participation.supersede();
        }
    }

    /** Leaves all shards to other processes, as soon as they are released. */
    void withdraw() {
        if (participation != null) {
            participation.ask(false);
        }
    }

    /** Ends its part in the sharing. */
    void leave() {
        if (participation != null) {
            participation.close();
            participation = null;
        }
    }
}
