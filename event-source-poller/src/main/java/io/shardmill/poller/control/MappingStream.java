package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.control.CheckpointInitializer.Beginning;
import io.shardmill.poller.internal.reconcile.StreamView;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A mapping's stream as this process has seen it last, and the mapping's checkpoint rows on it. Touched only inside the
 * mapping's turns.
 */
final class MappingStream {

    private static final Logger LOG = LoggerFactory.getLogger(MappingStream.class);

    private final CheckpointStore store;
    private final ResolvedPorts resolved;
    private final CheckpointInitializer initializer;
    private final StreamParticipation participation;
    private final ShardTakeover takeover;
    private final Incarnations incarnations;
    private final LastProcessingResult result;
    private StreamView view = new StreamView.Unseen();
    private @Nullable KnownStream known;
    private boolean isPrepared;

    /** Whether the mapping has nothing left to read of a predecessor: that gets no records any more. */
    private boolean isPastPredecessor;

    MappingStream(
            ControlPorts ports,
            ResolvedPorts resolved,
            CheckpointInitializer initializer,
            StreamParticipation participation,
            LastProcessingResult result) {
        this.store = ports.stores().checkpoints();
        this.resolved = resolved;
        this.initializer = initializer;
        this.participation = participation;
        this.takeover = new ShardTakeover(store, initializer, participation);
        this.incarnations = new Incarnations(store, ports.namespace());
        this.result = result;
    }

    StreamView view() {
        return view;
    }

    MappingKey key() {
        return known().key();
    }

    /** Notes that the mapping has all rows that it needs, until it sees another incarnation of the stream. */
    void settle() {
        if (!isPrepared && known().predecessor() != null) {
            LOG.info(
                    "Mapping '{}' reads the {} '{}' to its end before the stream that it was moved to",
                    known().key().mapping(),
                    known().predecessor().label(),
                    known().key().stream());
        }
        isPrepared = true;
    }

    /** Returns the stream that is read in place of the mapping's own until its end, or null. */
    @Nullable
    Predecessor predecessor() {
        return known == null ? null : known.predecessor();
    }

    /** Returns the group in which processes share the stream by its own protocol, or null. */
    @Nullable
    String group() {
        return known == null ? null : known.group();
    }

    /** Returns the shards that the stream's own group has assigned to other processes, as far as that is known. */
    Set<String> assignedElsewhere() {
        return known == null ? Set.of() : known.assignedElsewhere(participation.share());
    }

    /** Forgets what was read: it is not current any more. */
    void expire() {
        view = isPrepared ? new StreamView.Seen() : new StreamView.Unseen();
    }

    /** Returns the ports to what was read last. */
    MappingPorts ports(EventSourceMapping mapping) {
        MappingPorts own = resolved.of(mapping);
        return known().hasSuccessor() ? own.with(known().source()) : own;
    }

    /** Reads listing and rows, of the predecessor as long as the mapping has not read that to its end. */
    void read(EventSourceMapping mapping) {
        StreamSource source = resolved.of(mapping).source();
        Optional<Predecessor> predecessor = isPastPredecessor ? Optional.empty() : source.predecessor();
        KnownStream read = predecessor.isEmpty() ? null : unlessPast(mapping, source, predecessor.get());
        if (read == null) {
            read = known(mapping, source, null);
            isPastPredecessor = true;
        }
        see(read);
    }

    /** Goes on with the mapping's own stream: it has read the predecessor to its end. */
    void readSuccessor(EventSourceMapping mapping) {
        LOG.atLevel(isPrepared ? Level.INFO : Level.DEBUG)
                .log(
                        "Mapping '{}' has read the {} '{}' to its end",
                        mapping.label(),
                        Objects.requireNonNull(known().predecessor()).label(),
                        mapping.stream());
        isPastPredecessor = true;
        isPrepared = false;
        read(mapping);
    }

    private KnownStream known(EventSourceMapping mapping, StreamSource source, @Nullable Predecessor predecessor) {
        StreamDescription listing = source.describe();
        return new KnownStream(incarnations.key(mapping, listing), source, listing, predecessor);
    }

    /**
     * Returns the predecessor; null if the mapping has nothing to read of it: it began on the successor, or there is none.
     *
     * @throws StreamNotFoundException if there is none, though the mapping has not read it to its end
     */
    private @Nullable KnownStream unlessPast(
            EventSourceMapping mapping, StreamSource successor, Predecessor predecessor) {
        KnownStream before;
        try {
            before = known(mapping, predecessor.source(), predecessor);
        } catch (StreamNotFoundException missing) {
            incarnations.requireNothingLeft(mapping, successor, predecessor);
            return null;
        }
        return incarnations.isBeyond(before.key(), mapping, successor) ? null : before;
    }

    private void see(KnownStream read) {
        result.streamAvailable();
        boolean isAnother = known == null || !read.key().equals(known.key());
        if (isAnother && known != null && !known.hasSuccessor()) {
            incarnations.replaced(known.key(), read.key());
        }
        known = read;
        if (isAnother) {
            participation.leave();
        }
        participation.join(read);
        readRows();
        participation.requireAvailable();
    }

    void readRows() {
        view = new StreamView.Current(
                known().listing(), store.load(known().key()), incarnations.gone(), known().hasSuccessor());
    }

    /** @throws IllegalStateException if the stream is not the one that was listed any more */
    void createFirstRows(EventSourceMapping mapping) {
        MappingKey key = known().key();
        List<MappingKey> others = incarnations.otherThan(key);
        Optional<Predecessor> read = known().source().predecessor();
        Beginning beginning = beginning(mapping, others, read.orElse(null));
        List<CheckpointRow> first = initializer.firstRows(key, known().source(), known().listing(), beginning);
        if (first.isEmpty()) {
            throw new IllegalStateException("The shards of stream '" + mapping.stream() + "' have just changed");
        }
        store.create(key, first);
        if (read.isEmpty() && !incarnations.haveEnded(others)) {
            LOG.warn(
                    "Mapping '{}' has checkpoints on another stream that is also named '{}' in namespace '{}'; they are left as"
                            + " they are. If other instances with data folders of their own use this database, give each its"
                            + " own shardmill.namespace",
                    mapping.name(),
                    key.stream(),
                    key.namespace());
        }
        readRows();
    }

    /** A mapping whose rows skip all of the predecessor is not there for its records, and begins as if there was none. */
    private Beginning beginning(EventSourceMapping mapping, List<MappingKey> others, @Nullable Predecessor read) {
        if (read != null) {
            return incarnations.hasRows(others, Set.of(ShardState.READING, ShardState.ENDED))
                    ? Beginning.after(read)
                    : Beginning.first(mapping);
        }
        return others.isEmpty() ? Beginning.first(mapping) : Beginning.onAnother();
    }

    void createRows(List<ShardDescription> shards) {
        store.create(known().key(), initializer.laterRows(shards));
        readRows();
    }

    void deleteRows(List<String> shards) {
        store.delete(known().key(), shards);
    }

    void deleteIncarnations(List<MappingKey> gone) {
        incarnations.deleteRows(gone);
    }

    /**
     * Returns the rows under which the mapping delivers again from there.
     *
     * @throws IllegalArgumentException if the stream has no such position
     */
    List<CheckpointRow> rowsOf(Replay replay) {
        return initializer.ofReplay(replay, known().source(), known().listing());
    }

    void replaceRows(List<CheckpointRow> replaced) {
        store.replace(known().key(), replaced);
        readRows();
    }

    /** Takes shards over that are as they were read. */
    List<ShardAssignment> takeOver(EventSourceMapping mapping, List<String> shards) {
        if (!(view instanceof StreamView.Current current)) {
            throw new IllegalStateException("the rows were not read");
        }
        List<CheckpointRow> seen = current.rows().stream()
                .filter(row -> shards.contains(row.shard()))
                .toList();
        return takeover.takeOver(mapping, known(), seen);
    }

    void release(Map<String, Long> epochs) {
        takeover.release(known().key(), epochs);
    }

    /** Reads the stream and its rows anew for an observer, and changes nothing here. */
    StreamView.Current observe(EventSourceMapping mapping) {
        KnownStream now = known(mapping, known().source(), known().predecessor());
        return new StreamView.Current(now.listing(), store.load(now.key()), List.of(), now.hasSuccessor());
    }

    /** Notes that the stream can't be read now. */
    void unavailable(String reason) {
        result.streamUnavailable(reason);
    }

    /** Closes what was resolved for shards that don't run any more. */
    void close(EventSourceMapping mapping) {
        result.stopped();
        resolved.close(mapping);
    }

    private KnownStream known() {
        return Objects.requireNonNull(known, "the stream was not read yet");
    }
}
