package io.shardmill.kinesis;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows every record that was put, and judges what mappings deliver of them: of each shard every record from the saved position
 * on, once in a life, in order, and after all of its parents'.
 */
final class DeliveryOracle {

    static final String STREAM = "orders";
    private static final long SECOND = 1_000;

    /** Where a record is. */
    private record Place(FakeShard shard, int index) {}

    private record Read(String mapping, FakeShard shard) {}

    /** How far a mapping is in a shard, as indexes of the records that come next. */
    private static final class Progress {
        @Nullable
        Integer delivered;

        int finished;
        boolean isBusy;
    }

    private final FakeKinesisServer server;
    private final Function<MappingKey, List<CheckpointRow>> rows;
    private final Map<String, EventSourceMapping> mappings = new HashMap<>();
    private final Map<SequenceNumber, Place> places = new HashMap<>();
    private final Map<Read, Progress> reads = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long lifeBegan;
    private int deliveries;

    DeliveryOracle(FakeKinesisServer server, Function<MappingKey, List<CheckpointRow>> rows) {
        this.server = server;
        this.rows = rows;
    }

    /** What was wrong first, or null. */
    @Nullable
    String violation() {
        return violations.isEmpty() ? null : violations.get(0);
    }

    int deliveries() {
        return deliveries;
    }

    void require(boolean isRight, Supplier<String> violation) {
        if (!isRight) {
            violations.add(violation.get());
        }
    }

    void put(String shard, FakeShard.Stored stored) {
        FakeShard in = server.shard(shard);
        places.put(stored.number(), new Place(in, in.records().size() - 1));
    }

    /** A process begins to run the mappings; what another did not save comes again. */
    void begin(List<EventSourceMapping> begun, long now) {
        begun.forEach(mapping -> mappings.put(mapping.name(), mapping));
        reads.values().forEach(read -> {
            read.delivered = null;
            read.isBusy = false;
        });
        lifeBegan = now;
    }

    /** A mapping decides where it begins. */
    void created(MappingKey key, List<CheckpointRow> created, long now) {
        StartingPosition position = mappings.get(key.mapping()).startingPosition();
        for (CheckpointRow row : created) {
            FakeShard shard = server.shard(row.shard());
            Supplier<String> what =
                    () -> key.mapping() + " begins " + shard.id + " at " + row.position() + ", " + row.state();
            long since = now;
            if (row.position() instanceof Position.AtTimestamp at) {
                since = at.timestamp().toEpochMilli();
                require(!(position instanceof StartingPosition.TrimHorizon), what);
            }
            if (position instanceof StartingPosition.AtTimestamp at) {
                since = at.timestamp().toEpochMilli();
            } else if (since != now) {
                require(since <= now && since >= lifeBegan - 2 * SECOND, what);
            }
            if (row.state() == ShardState.SKIPPED) {
                require(
                        !(position instanceof StartingPosition.TrimHorizon)
                                && shard.firstSince(since) == shard.records().size()
                                && !shard.isOpen(now),
                        what);
            }
        }
    }

    void invoked(Invocation invocation, long now) {
        for (Record record : invocation.records()) {
            delivered(invocation.mapping(), record, now);
        }
        Place first = places.get(invocation.records().get(0).sequenceNumber());
        if (first != null) {
            Progress progress = progress(invocation.mapping(), first.shard());
            require(
                    !progress.isBusy,
                    () -> invocation.mapping() + " has two batches of " + first.shard().id + " in work");
            progress.isBusy = true;
        }
    }

    private void delivered(String mapping, Record record, long now) {
        deliveries++;
        Supplier<String> what =
                () -> mapping + " gets " + record.shard().id() + "/" + record.sequenceNumber() + " at " + now;
        Place place = places.get(record.sequenceNumber());
        if (place == null || !place.shard().id.equals(record.shard().id())) {
            require(false, () -> what.get() + ": no such record was put");
            return;
        }
        FakeShard shard = place.shard();
        Progress progress = progress(mapping, shard);
        final int next = progress.delivered == null ? begins(mapping, shard) : progress.delivered;
        if (progress.delivered == null) {
            shard.parents.forEach(parent -> require(
                    isDone(mapping, parent), () -> what.get() + ": its parent " + parent.id + " is not finished"));
        }
        require(
                place.index() >= next && isTrimmed(shard, next, place.index()),
                () -> what.get() + ": it is record " + place.index() + ", but " + next + " was next");
        progress.delivered = place.index() + 1;
    }

    void returned(Invocation invocation) {
        Place last = places.get(
                invocation.records().get(invocation.records().size() - 1).sequenceNumber());
        if (last != null) {
            Progress progress = progress(invocation.mapping(), last.shard());
            progress.isBusy = false;
            progress.finished = Math.max(progress.finished, last.index() + 1);
        }
    }

    private Progress progress(String mapping, FakeShard shard) {
        return reads.computeIfAbsent(new Read(mapping, shard), missing -> new Progress());
    }

    /** Returns the index of the record that the saved position says. */
    private int begins(String mapping, FakeShard shard) {
        MappingKey key = new MappingKey(
                World.NAMESPACE,
                mapping,
                STREAM,
                Instant.ofEpochMilli(shard.streamCreated).toString());
        CheckpointRow row = rows.apply(key).stream()
                .filter(saved -> saved.shard().equals(shard.id))
                .findFirst()
                .orElse(null);
        if (row == null) {
            return progress(mapping, shard).finished;
        }
        if (row.state() == ShardState.SKIPPED) {
            return shard.records().size();
        }
        if (row.position() instanceof Position.After after) {
            int saved = shard.firstFrom(after.number(), true);
            require(saved <= progress(mapping, shard).finished, () -> mapping + " has saved too much of " + shard.id);
            return saved;
        }
        return row.position() instanceof Position.AtTimestamp at
                ? shard.firstSince(at.timestamp().toEpochMilli())
                : 0;
    }

    private boolean isTrimmed(FakeShard shard, int from, int to) {
        return to <= from || shard.firstSince(server.horizon()) >= to;
    }

    private boolean isDone(String mapping, FakeShard shard) {
        int finished = Math.max(progress(mapping, shard).finished, begins(mapping, shard));
        return isTrimmed(shard, finished, shard.records().size());
    }

    /** Returns what is not delivered yet of what is kept, or null. */
    @Nullable
    String missing() {
        for (String mapping : mappings.keySet()) {
            for (FakeShard shard : server.shards()) {
                if (!isDone(mapping, shard)) {
                    return mapping + " has finished " + progress(mapping, shard).finished + " of "
                            + shard.records().size() + " records of " + shard.id;
                }
            }
        }
        return null;
    }
}
