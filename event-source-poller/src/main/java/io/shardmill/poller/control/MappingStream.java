package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.internal.reconcile.StreamView;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.ShardAssignment;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** The stream as it was last listed. */
    private record Known(MappingKey key, StreamSource source, StreamDescription listing) {}

    private final Coordination coordination;
    private final Runnable shareChanged;
    private final CheckpointStore store;
    private final ResolvedPorts resolved;
    private final CheckpointInitializer initializer;

    /** Shards that this process has started: after an update or a pause they just go on. */
    private final Set<String> started = new HashSet<>();

    private final LastProcessingResult result;
    private StreamView view = new StreamView.Unseen();
    private @Nullable Known known;
    private boolean isPrepared;
    private Assignment.@Nullable Participation participation;

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
        this.resolved = resolved;
        this.initializer = initializer;
        this.result = result;
    }

    StreamView view() {
        return view;
    }

    /** Notes that the mapping has all rows that it needs, until it sees another incarnation of the stream. */
    void settle() {
        isPrepared = true;
    }

    /** Forgets what was read: it is not current any more. */
    void expire() {
        view = isPrepared ? new StreamView.Seen() : new StreamView.Unseen();
    }

    MappingPorts ports(EventSourceMapping mapping) {
        return resolved.of(mapping);
    }

    /** Reads listing and rows; returns whether this is another incarnation of the stream than before. */
    boolean read(EventSourceMapping mapping) {
        StreamSource source = ports(mapping).source();
        StreamDescription listing = source.describe();
        result.streamAvailable();
        MappingKey key = key(mapping, listing);
        boolean isAnother = known == null || !key.equals(known.key());
        if (isAnother && known != null) {
            ended.add(known.key());
            gone = onOtherIncarnations(key).stream().filter(ended::contains).toList();
        }
        known = new Known(key, source, listing);
        if (isAnother) {
            leave();
        }
        if (participation == null) {
            participation = coordination.assignment().join(key, shareChanged);
        }
        participation.ask(true);
        readRows();
        return isAnother;
    }

    private MappingKey key(EventSourceMapping mapping, StreamDescription listing) {
        return new MappingKey(coordination.namespace(), mapping.name(), mapping.stream(), listing.incarnation());
    }

    private List<MappingKey> onOtherIncarnations(MappingKey key) {
        return store.mappings(key.namespace()).stream()
                .filter(other -> other.mapping().equals(key.mapping())
                        && other.stream().equals(key.stream())
                        && !other.incarnation().equals(key.incarnation()))
                .toList();
    }

    void readRows() {
        view = new StreamView.Current(known().listing(), store.load(known().key()), gone);
    }

    /** @throws IllegalStateException if the stream is not the one that was listed any more */
    void createFirstRows(EventSourceMapping mapping) {
        MappingKey key = known().key();
        List<MappingKey> others = onOtherIncarnations(key);
        List<CheckpointRow> first =
                initializer.firstRows(mapping, key, known().source(), known().listing(), !others.isEmpty());
        if (first.isEmpty()) {
            throw new IllegalStateException("The shards of stream '" + mapping.stream() + "' have just changed");
        }
        store.create(key, first);
        if (!ended.containsAll(others)) {
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

    MappingKey key() {
        return known().key();
    }

    /** Returns which of the shards this process is to consume. */
    Share share() {
        return participation == null ? Share.unknown("nobody") : participation.share();
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
        if (!(view instanceof StreamView.Current current)) {
            throw new IllegalStateException("the rows were not read");
        }
        MappingKey key = known().key();
        String owner = share().owner();
        Map<String, Long> epochs = new HashMap<>();
        current.rows().stream()
                .filter(row -> shards.contains(row.shard()))
                .forEach(row -> epochs.put(row.shard(), row.epoch()));
        return store.takeOver(key, epochs, owner).stream()
                .map(row -> taken(mapping, key, owner, row))
                .toList();
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
        return new ShardAssignment(mapping, key, owner, row);
    }

    /** Reads the stream and its rows for somebody who watches: nothing here changes. */
    StreamView.Current observe(EventSourceMapping mapping) {
        StreamDescription listing = ports(mapping).source().describe();
        return new StreamView.Current(listing, store.load(key(mapping, listing)), List.of());
    }

    void close(EventSourceMapping mapping) {
        resolved.close(mapping);
    }

    private Known known() {
        return Objects.requireNonNull(known, "the stream was not read yet");
    }
}
