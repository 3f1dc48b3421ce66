package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows on which incarnations of its stream, and on which streams that it was moved from, a mapping has rows. */
final class Incarnations {

    private static final Logger LOG = LoggerFactory.getLogger(Incarnations.class);

    private final CheckpointStore store;
    private final String namespace;

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
