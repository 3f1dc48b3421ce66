package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.assignment.GroupParticipation;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.control.CheckpointInitializer.Beginning;
import io.shardmill.poller.internal.reconcile.StreamView;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /**
     * The stream as it was last listed.
     *
     * @param predecessor what it is to the mapping's stream; null if it is that itself
     */
    private record Known(
            MappingKey key,
            StreamSource source,
            StreamDescription listing,
            @Nullable Predecessor predecessor) {

        boolean hasSuccessor() {
            return predecessor != null;
        }
    }

    private final Coordination coordination;
    private final Runnable shareChanged;
    private final CheckpointStore store;
    private final ResolvedPorts resolved;
    private final CheckpointInitializer initializer;
    private final Incarnations incarnations;

    /** Shards that this process has started: after an update or a pause they just go on. */
    private final Set<String> started = new HashSet<>();

    private final LastProcessingResult result;
    private StreamView view = new StreamView.Unseen();
    private @Nullable Known known;
    private boolean isPrepared;
    private Assignment.@Nullable Participation participation;

    /** Whether the mapping has nothing left to read of a predecessor: that gets no records any more. */
    private boolean isPastPredecessor;

    /** Where the mapping was on incarnations that this process has seen end. */
    private final Set<MappingKey> ended = new HashSet<>();

    /**
     * Where it still has rows on them. Rows on other incarnations are left: they may be those of another instance, whose
     * stream of this name is in a data folder of its own.
     */
    private List<MappingKey> gone = List.of();

    MappingStream(
            ControlPorts ports,
            ResolvedPorts resolved,
            CheckpointInitializer initializer,
            LastProcessingResult result,
            Runnable shareChanged) {
        this.coordination = ports.coordination();
        this.shareChanged = shareChanged;
        this.store = ports.stores().checkpoints();
        this.incarnations = new Incarnations(store, coordination.namespace());
        this.resolved = resolved;
        this.initializer = initializer;
        this.result = result;
    }

    StreamView view() {
        return view;
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
        return known == null
                ? null
                : known.source().group().map(ShardGroup::name).orElse(null);
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
        Known read = predecessor.isEmpty() ? null : unlessPast(mapping, source, predecessor.get());
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

    private Known known(EventSourceMapping mapping, StreamSource source, @Nullable Predecessor predecessor) {
        StreamDescription listing = source.describe();
        return new Known(incarnations.key(mapping, listing), source, listing, predecessor);
    }

    private void see(Known read) {
        result.streamAvailable();
        boolean isAnother = known == null || !read.key().equals(known.key());
        if (isAnother && known != null && !known.hasSuccessor()) {
            ended.add(known.key());
            gone = incarnations.otherThan(read.key()).stream()
                    .filter(ended::contains)
                    .toList();
        }
        known = read;
        if (isAnother) {
            leave();
        }
        if (participation == null) {
            participation = join(read);
        }
        participation.ask(true);
        readRows();
        String problem = participation.problem();
        if (problem != null) {
            throw new StreamUnavailableException(problem);
        }
    }

    private Assignment.Participation join(Known read) {
        Assignment processes = coordination.assignment();
        Optional<ShardGroup> group = read.source().group();
        if (group.isEmpty()) {
            return processes.join(read.key(), shareChanged);
        }
        LOG.info(
                "Mapping '{}' reads stream '{}' as consumer group '{}'",
                read.key().mapping(),
                read.key().stream(),
                group.get().name());
        return GroupParticipation.join(processes, read.key(), group.get(), store.id(), shareChanged);
    }

    /**
     * Returns the predecessor; null if the mapping has nothing to read of it: it began on the successor, or there is none.
     *
     * @throws StreamNotFoundException if there is none, though the mapping has not read it to its end
     */
    private @Nullable Known unlessPast(EventSourceMapping mapping, StreamSource successor, Predecessor predecessor) {
        Known before;
        try {
            before = known(mapping, predecessor.source(), predecessor);
        } catch (StreamNotFoundException missing) {
            incarnations.requireNothingLeft(mapping, successor, predecessor);
            return null;
        }
        return incarnations.isBeyond(before.key(), mapping, successor) ? null : before;
    }

    void readRows() {
        view = new StreamView.Current(known().listing(), store.load(known().key()), gone, known().hasSuccessor());
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
        if (read.isEmpty() && !ended.containsAll(others)) {
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

    /** Deletes the rows on incarnations that are gone: those on this one say where the mapping is. */
    void deleteIncarnations(List<MappingKey> incarnations) {
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

    /** The rows count from now on, whatever positions somebody else has set before. */
    void supersedePositions() {
        if (participation != null) {
            participation.supersede();
        }
    }

    MappingKey key() {
        return known().key();
    }

    /** Returns which of the shards this process is to consume. */
    Share share() {
        return participation == null ? Share.unknown("nobody") : participation.share();
    }

    /** Returns the shards that the stream's own group has assigned to others, as far as that is known. */
    Set<String> assignedElsewhere() {
        Share share = share();
        Set<String> assigned = share.assigned();
        if (group() == null || assigned == null || !share.isKnown() || share.isDraining()) {
            return Set.of();
        }
        return known().listing().shards().stream()
                .map(ShardDescription::id)
                .filter(shard -> !assigned.contains(shard))
                .collect(Collectors.toSet());
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

    void giveUp(Map<String, Long> epochs) {
        store.release(known().key(), epochs, share().owner());
    }

    /** Takes shards over that are as they were read. */
    List<ShardAssignment> takeOver(EventSourceMapping mapping, List<String> shards) {
        StreamView.Current current = current();
        MappingKey key = known().key();
        String owner = share().owner();
        Map<String, Long> epochs = new HashMap<>();
        current.rows().stream()
                .filter(row -> shards.contains(row.shard()))
                .forEach(row -> epochs.put(row.shard(), row.epoch()));
        begin(epochs);
        return store.takeOver(key, epochs, owner).stream()
                .map(row -> taken(mapping, key, owner, row))
                .toList();
    }

    /**
     * Begins shards at the group's positions where these win over their rows. A shard whose row is another one since it was read
     * has been taken: it begins nowhere.
     */
    private void begin(Map<String, Long> epochs) {
        Map<String, GroupPosition> known = participation == null ? Map.of() : participation.positions();
        Map<String, GroupPosition> positions = new HashMap<>();
        epochs.forEach((shard, epoch) -> {
            GroupPosition position = known.get(shard);
            if (position != null && position.winsOver(epoch)) {
                positions.put(shard, position);
            }
        });
        if (!positions.isEmpty()) {
            List<CheckpointRow> begun =
                    store.replaceSeen(known().key(), initializer.rowsAt(positions, epochs, known().listing()));
            epochs.keySet().removeAll(positions.keySet());
            begun.forEach(row -> epochs.put(row.shard(), row.epoch()));
        }
    }

    private StreamView.Current current() {
        if (!(view instanceof StreamView.Current current)) {
            throw new IllegalStateException("the rows were not read");
        }
        return current;
    }

    private ShardAssignment taken(EventSourceMapping mapping, MappingKey key, String owner, CheckpointRow row) {
        String shard = row.shard();
        boolean isNews = initializer.isChosen(shard) || !started.contains(shard);
        started.add(shard);
        LOG.atLevel(isNews ? Level.INFO : Level.DEBUG)
                .log(
                        "Mapping '{}' starts {}/{} at {} ({})",
                        mapping.label(),
                        key.stream(),
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
        return new ShardAssignment(RetryLimit.applied(mapping, known().source().type()), key, owner, row);
    }

    /** Reads the stream and its rows for somebody who watches: nothing here changes. */
    StreamView.Current observe(EventSourceMapping mapping) {
        Known now = known(mapping, known().source(), known().predecessor());
        return new StreamView.Current(now.listing(), store.load(now.key()), List.of(), now.hasSuccessor());
    }

    void close(EventSourceMapping mapping) {
        resolved.close(mapping);
    }

    private Known known() {
        return Objects.requireNonNull(known, "the stream was not read yet");
    }
}
