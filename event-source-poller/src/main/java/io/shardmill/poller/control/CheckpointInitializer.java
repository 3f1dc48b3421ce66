package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.internal.lineage.ShardLineage;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says where a mapping begins to read each shard, and remembers why. Touched only inside the mapping's turns. */
final class CheckpointInitializer {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointInitializer.class);

    private final CheckpointStore store;
    private final Map<String, String> reasons = new HashMap<>();
    private final @Nullable String adopted;

    /** @param adopted the name that the mapping had before: without rows of its own it continues from those of that name */
    CheckpointInitializer(CheckpointStore store, @Nullable String adopted) {
        this.store = store;
        this.adopted = adopted;
    }

    /** Where a mapping begins on a stream, and why. */
    record Beginning(StartingPosition from, String reason) {

        static Beginning first(EventSourceMapping mapping) {
            StartingPosition from = mapping.startingPosition();
            return new Beginning(from, "starting-position " + from + ", first start");
        }

        /** Returns that of a mapping with rows on another incarnation of its stream. */
        static Beginning onAnother() {
            return new Beginning(
                    new StartingPosition.TrimHorizon(),
                    "checkpoints on another stream of this name, so from its beginning");
        }

        static Beginning after(Predecessor read) {
            return new Beginning(read.next(), "moved from the " + read.label() + ", from " + read.next());
        }
    }

    /** Returns the rows of a mapping that has none on this incarnation of its stream. */
    List<CheckpointRow> firstRows(MappingKey key, StreamSource source, StreamDescription listing, Beginning beginning) {
        List<CheckpointRow> earlier = adoptedRows(key);
        if (!earlier.isEmpty()) {
            return earlier;
        }
        List<CheckpointRow> rows = rows(source.starts(beginning.from()), listing);
        for (CheckpointRow row : rows) {
            reasons.put(row.shard(), beginning.reason());
        }
        return rows;
    }

    /** Returns the rows of shards that came later than the mapping. */
    List<CheckpointRow> laterRows(List<ShardDescription> shards) {
        shards.forEach(shard -> reasons.put(shard.id(), "came after the mapping, from its beginning"));
        return shards.stream()
                .map(shard -> reading(shard, Position.trimHorizon()))
                .toList();
    }

    private List<CheckpointRow> adoptedRows(MappingKey key) {
        if (adopted == null) {
            return List.of();
        }
        List<CheckpointRow> rows =
                store.load(new MappingKey(key.namespace(), adopted, key.stream(), key.incarnation()));
        if (rows.isEmpty()) {
            LOG.warn(
                    "Mapping '{}' can't adopt the checkpoints of '{}': there are none on stream '{}' in namespace '{}'",
                    key.mapping(),
                    adopted,
                    key.stream(),
                    key.namespace());
        } else {
            LOG.info("Mapping '{}' continues from the checkpoints of '{}'", key.mapping(), adopted);
        }
        return rows;
    }

    private static List<CheckpointRow> rows(Map<String, ShardStart> starts, StreamDescription listing) {
        List<CheckpointRow> rows = new ArrayList<>();
        for (ShardDescription shard : listing.shards()) {
            ShardStart start = starts.get(shard.id());
            if (start instanceof ShardStart.From from) {
                rows.add(reading(shard, from.position()));
            } else if (start instanceof ShardStart.Skip) {
                rows.add(CheckpointRow.begin(shard.id(), ShardState.SKIPPED, Position.trimHorizon(), shard.parents()));
            }
        }
        return rows;
    }

    private static CheckpointRow reading(ShardDescription shard, Position position) {
        return CheckpointRow.begin(shard.id(), ShardState.READING, position, shard.parents());
    }

    /**
     * Returns the rows under which the mapping delivers again from there.
     *
     * @throws IllegalArgumentException if no shard holds the sequence number
     */
    List<CheckpointRow> ofReplay(Replay replay, StreamSource source, StreamDescription listing) {
        List<CheckpointRow> rows;
        if (replay instanceof Replay.FromTrimHorizon) {
            rows = rows(source.starts(new StartingPosition.TrimHorizon()), listing);
        } else if (replay instanceof Replay.FromTimestamp from) {
            rows = rows(source.starts(new StartingPosition.AtTimestamp(from.timestamp())), listing);
        } else if (replay instanceof Replay.FromSequenceNumber from) {
            rows = rowsFrom(from, source, listing);
        } else {
            throw new IllegalStateException("Unknown replay " + replay);
        }
        rows.forEach(row -> reasons.put(row.shard(), "replay from " + replay));
        return rows;
    }

    /**
     * Returns the rows of shards that begin at these positions of the group.
     *
     * @param epochs of the rows in their place
     */
    List<CheckpointRow> rowsAt(
            Map<String, GroupPosition> positions, Map<String, Long> epochs, StreamDescription listing) {
        List<CheckpointRow> rows = listing.shards().stream()
                .filter(shard -> positions.containsKey(shard.id()))
                .map(shard -> rowAt(
                        Objects.requireNonNull(positions.get(shard.id())),
                        shard,
                        Objects.requireNonNull(epochs.get(shard.id()))))
                .toList();
        rows.forEach(row -> reasons.put(
                row.shard(),
                reason(Objects.requireNonNull(positions.get(row.shard())).origin())));
        return rows;
    }

    private static String reason(GroupPosition.Origin origin) {
        return switch (origin) {
            case SAME_ROWS ->
                "the group's own position, which this mapping has committed before; starting-position is ignored";
            case ELSEWHERE ->
                "the group's own position, which was set elsewhere; starting-position and checkpoint are ignored";
        };
    }

    private static CheckpointRow rowAt(GroupPosition begin, ShardDescription shard, long epoch) {
        Progress progress = new Progress(null, facts(begin, shard), List.of());
        return new CheckpointRow(shard.id(), ShardState.READING, begin.position(), progress, shard.parents(), epoch);
    }

    /** What can't be understood says nothing: the records are delivered again. */
    private static List<LaneFact> facts(GroupPosition begin, ShardDescription shard) {
        try {
            return ProgressText.facts(begin.ahead());
        } catch (IllegalArgumentException unknown) {
            LOG.warn(
                    "The group's position of {} names finished records in a way that this version does not know; they are"
                            + " delivered again: {}",
                    shard.id(),
                    unknown.getMessage());
            return List.of();
        }
    }

    /**
     * Returns the shard that holds the number.
     *
     * @throws IllegalArgumentException if none does, or several may
     */
    static String requireHolder(Replay.FromSequenceNumber from, StreamSource source) {
        return source.shardHolding(from.number())
                .orElseThrow(() -> new IllegalArgumentException("No shard of the stream holds sequence number "
                        + from.number() + ": take one of a record of this stream that is still kept"));
    }

    private static List<CheckpointRow> rowsFrom(
            Replay.FromSequenceNumber from, StreamSource source, StreamDescription listing) {
        String holder = requireHolder(from, source);
        Set<String> descendants = new ShardLineage(listing, List.of(), Set.of()).withDescendants(holder);
        return listing.shards().stream()
                .filter(shard -> descendants.contains(shard.id()))
                .map(shard ->
                        reading(shard, shard.id().equals(holder) ? Position.at(from.number()) : Position.trimHorizon()))
                .toList();
    }

    /** Returns whether the position of the shard's row was chosen since its last start here. */
    boolean isChosen(String shard) {
        return reasons.containsKey(shard);
    }

    /** Returns why the shard begins at its row's position; of a chosen one, once. */
    String reason(CheckpointRow row, EventSourceMapping mapping) {
        if (row.progress().watermark() != null) {
            return "checkpoint; starting-position " + mapping.startingPosition() + " is ignored";
        }
        String chosen = reasons.remove(row.shard());
        return chosen == null ? "as at its first start, nothing is finished yet" : chosen;
    }
}
