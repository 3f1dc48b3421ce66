package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows on which incarnations of its stream, and on which streams that it was moved from, a mapping has rows. Touched only
 * inside the mapping's turns.
 */
final class Incarnations {

    private static final Logger LOG = LoggerFactory.getLogger(Incarnations.class);

    private final CheckpointStore store;
    private final String namespace;

    /** Where the mapping was on incarnations that this process has seen end. */
    private final Set<MappingKey> ended = new HashSet<>();

    private List<MappingKey> gone = List.of();

    Incarnations(CheckpointStore store, String namespace) {
        this.store = store;
        this.namespace = namespace;
    }

    MappingKey key(EventSourceMapping mapping, StreamDescription listing) {
        return new MappingKey(namespace, mapping.name(), mapping.stream(), listing.incarnation());
    }

    /** Returns where the mapping has rows but there. */
    List<MappingKey> otherThan(MappingKey key) {
        return store.mappings(namespace).stream()
                .filter(other -> other.mapping().equals(key.mapping())
                        && other.stream().equals(key.stream())
                        && !other.incarnation().equals(key.incarnation()))
                .toList();
    }

    /** Notes that another incarnation has come in place of one. */
    void replaced(MappingKey before, MappingKey now) {
        ended.add(before);
        gone = otherThan(now).stream().filter(ended::contains).toList();
    }

    /** Returns whether this process has seen all of these end. */
    boolean haveEnded(List<MappingKey> incarnations) {
        return ended.containsAll(incarnations);
    }

    /**
     * Returns where the mapping still has rows on incarnations that this process has seen end. Rows on others are left: they may
     * be those of another instance, whose stream of this name is in a data folder of its own.
     */
    List<MappingKey> gone() {
        return gone;
    }

    /** Deletes the rows on incarnations that are gone: those on the one that is there say where the mapping is. */
    void deleteRows(List<MappingKey> incarnations) {
        for (MappingKey incarnation : incarnations) {
            store.delete(
                    incarnation,
                    store.load(incarnation).stream().map(CheckpointRow::shard).toList());
            LOG.info(
                    "Mapping '{}' has deleted its checkpoints on incarnation {} of stream '{}', which was created again since",
                    incarnation.mapping(),
                    incarnation.incarnation(),
                    incarnation.stream());
        }
        gone = List.of();
    }

    boolean hasRows(List<MappingKey> keys, Set<ShardState> states) {
        return keys.stream().anyMatch(key -> store.load(key).stream().anyMatch(row -> states.contains(row.state())));
    }

    /** Returns whether the mapping began on the successor, and so has nothing to read of the predecessor. */
    boolean isBeyond(MappingKey predecessor, EventSourceMapping mapping, StreamSource successor) {
        List<MappingKey> others = store.load(predecessor).isEmpty() ? otherThan(predecessor) : List.of();
        return !others.isEmpty() && others.contains(key(mapping, successor.describe()));
    }

    /** @throws StreamNotFoundException if the mapping has not read the predecessor to its end, which is missing */
    void requireNothingLeft(EventSourceMapping mapping, StreamSource successor, Predecessor missing) {
        MappingKey key = key(mapping, successor.describe());
        if (!store.load(key).isEmpty()) {
            return;
        }
        List<MappingKey> others = otherThan(key);
        if (hasRows(others, Set.of(ShardState.READING))) {
            throw new StreamNotFoundException("Mapping '" + mapping.name() + "' has not read the " + missing.label()
                    + " '" + mapping.stream() + "' to its end, and there is none; " + missing.remedy());
        }
        if (others.isEmpty()) {
            LOG.info(
                    "Mapping '{}' has nothing to read before stream '{}': there is no {} of that name",
                    mapping.label(),
                    mapping.stream(),
                    missing.label());
        }
    }
}
