package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.EventOrigin;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Watches everything that crosses the engine's ports, and knows what must not happen. */
final class Oracle {

    private static final long PATIENCE_MILLIS = 10_000;

    private final EventOrigin origin;
    private final StartingPosition startingPosition;
    final Tally tally;
    private final Story story;
    private final Map<String, ShardBook> books = new LinkedHashMap<>();
    private final Map<String, List<Record>> byKey = new HashMap<>();
    private final Map<String, CheckpointRow> rows = new LinkedHashMap<>();
    private final Set<String> requestIds = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private boolean isPaused;
    private int storedPauses;

    /** Goes up with each resume. */
    private int pauses;

    Oracle(EventOrigin origin, StartingPosition startingPosition, Tally tally, Story story) {
        this.story = story;
        this.origin = origin;
        this.startingPosition = startingPosition;
        this.tally = tally;
    }

    /** What was wrong first, or null. */
    @Nullable
    String violation() {
        return violations.isEmpty() ? null : violations.get(0);
    }

    void wrong(String what) {
        violations.add(what);
    }

    private void check(Supplier<String> where, Runnable body) {
        story.detail(where);
        try {
            body.run();
        } catch (Violation violation) {
            wrong(where.get() + ": " + violation.getMessage());
        } catch (RuntimeException confused) { // by a violation before it, or a fault of the oracle's own
            wrong(where.get() + ": " + confused);
        }
    }

    // The stream.

    void added(String shard, List<String> parents) {
        books.put(shard, new ShardBook(shard, parents));
    }

    void closed(String shard) {
        book(shard).closed = true;
    }

    void put(Record record) {
        book(record.shardId()).records.add(record);
        byKey.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>()).add(record);
    }

    void trimmed(String shard, int count) {
        book(shard).trim(count);
    }

    ShardBook book(String shard) {
        ShardBook book = books.get(shard);
        if (book == null) {
            throw new IllegalArgumentException("no shard " + shard);
        }
        return book;
    }

    // The rows, as they are committed.

    void created(List<CheckpointRow> added) {
        boolean first = rows.isEmpty();
        for (CheckpointRow row : added) {
            if (rows.putIfAbsent(row.shard(), row) == null) {
                ShardBook book = book(row.shard());
                Position start = first ? start(book) : Position.trimHorizon();
                book.begin(start);
                check(() -> "row of " + row.shard(), () -> begins(book, row, start));
            }
        }
    }

    /** Where the mapping's first look at the stream lets the shard begin. */
    private Position start(ShardBook book) {
        if (startingPosition instanceof StartingPosition.Latest && !book.records.isEmpty()) {
            return Position.after(book.records.get(book.records.size() - 1).sequenceNumber());
        }
        return startingPosition instanceof StartingPosition.AtTimestamp at
                ? Position.atTimestamp(at.timestamp())
                : Position.trimHorizon();
    }

    private static void begins(ShardBook book, CheckpointRow row, Position start) {
        if (row.state() == ShardState.SKIPPED) {
            Violation.unless(
                    book.closed && book.indexAt(start) == book.records.size(),
                    "skipped, though there is something to read");
        } else {
            Violation.unless(
                    book.indexAt(row.position()) == book.indexAt(start),
                    "begins at " + row.position() + " and not at " + start);
        }
    }

    void replaced(List<CheckpointRow> replacements) {
        tally.count("replays");
        for (CheckpointRow row : replacements) {
            rows.put(row.shard(), row);
            ShardBook book = book(row.shard());
            book.begin(row.state() == ShardState.SKIPPED ? null : row.position());
        }
    }

    void takenOver(SimulatedProcess process, CheckpointRow row) {
        check(() -> "take-over of " + row.shard() + " by " + process.name, () -> {
            for (String parent : book(row.shard()).parents) {
                Violation.unless(isOver(parent), "its parent " + parent + " is not finished");
            }
            CheckpointRow known = rows.get(row.shard());
            Violation.unless(known != null && known.progress().equals(row.progress()), "another row than was saved");
            Violation.unless(known.state() == ShardState.READING, "it is " + known.state());
        });
        rows.put(row.shard(), row);
        process.taken.put(row.shard(), row);
        if (!row.progress().ahead().isEmpty()) {
            tally.count("restarts with lanes ahead");
        }
    }

    private boolean isOver(String shard) {
        CheckpointRow row = rows.get(shard);
        return row == null
                || row.state() == ShardState.ENDED
                || (row.state() == ShardState.SKIPPED
                        && book(shard).parents.stream().allMatch(this::isOver));
    }

    void saved(CheckpointUpdate update) {
        ShardBook book = book(update.shard());
        CheckpointRow before = rows.get(update.shard());
        check(() -> "save of " + update.shard() + " " + update.progress(), () -> {
            Violation.unless(before != null && before.epoch() == update.epoch(), "saved under an old epoch");
            Violation.unless(!goesBack(before.progress(), update.progress()), "the watermark goes back");
            for (Record record : book.owed()) {
                Violation.unless(
                        !ShardBook.saysFinished(update.progress(), record),
                        "it says finished of the pending " + record);
            }
            if (update.state() == ShardState.ENDED) {
                Violation.unless(book.closed && book.owed().isEmpty(), "ended, with work left: " + book.owed());
            }
            rows.put(
                    update.shard(),
                    new CheckpointRow(
                            before.shard(),
                            update.state(),
                            before.start(),
                            update.progress(),
                            before.parents(),
                            before.epoch()));
        });
    }

    /** The process is told that its states are saved, but for those of shards that somebody else has. */
    void answered(SimulatedProcess process, List<CheckpointUpdate> missed, long now) {
        process.unsavedSince = Long.MAX_VALUE;
        for (CheckpointUpdate update : missed) {
            ConsumerModel consumer = process.consumers.get(update.shard());
            if (consumer != null && consumer.row.epoch() == update.epoch()) {
                consumer.lostSince = Math.min(consumer.lostSince, now);
            }
            tally.count("fenced saves");
        }
    }

    /** The process is told that its states may not be saved. */
    void unanswered(SimulatedProcess process, long now) {
        process.unsavedSince = Math.min(process.unsavedSince, now);
    }

    void pauseStored(boolean paused) {
        pauses = paused ? pauses : pauses + 1;
        storedPauses = paused ? storedPauses + 1 : storedPauses;
        isPaused = paused;
    }

    int storedPauses() {
        return storedPauses;
    }

    /** What a process is started in: the number of the pause that is stored, or -1. */
    int currentPause() {
        return isPaused ? pauses : -1;
    }

    private static boolean goesBack(Progress before, Progress after) {
        return before.watermark() != null
                && (after.watermark() == null || before.watermark().compareTo(after.watermark()) > 0);
    }

    // Consumers.

    void opened(SimulatedProcess process, EventSourceMapping mapping, String shard, Position from, long now) {
        CheckpointRow row = process.taken.get(shard);
        check(() -> "open of " + shard + " by " + process.name, () -> {
            Violation.unless(row != null, "it was not taken over");
            Violation.unless(from.equals(row.position()), "from " + from + " and not from " + row.position());
            ConsumerModel old = process.consumers.get(shard);
            Violation.unless(old == null || old.inFlight == 0, "the consumer before still has work in flight");
            if (!row.progress().heads().isEmpty()) {
                tally.count("restarts with failed heads");
            }
            process.consumers.put(
                    shard, new ConsumerModel(book(shard), row, mapping, new EventSize(origin, shard), requestIds, now));
        });
    }

    void read(SimulatedProcess process, String shard, List<Record> records) {
        process.consumer(shard).read(records);
    }

    void invoked(SimulatedProcess process, Invocation invocation, long now) {
        check(() -> process.name + " invokes " + invocation, () -> {
            ConsumerModel consumer = process.consumer(invocation.shard().id());
            Violation.unless(!process.isPaused && process.startedInPause != pauses, "the mapping is paused");
            Violation.unless(now <= consumer.lostSince, "it knows that it has lost the shard");
            Violation.unless(
                    process.unsavedSince == Long.MAX_VALUE || now - process.unsavedSince < PATIENCE_MILLIS,
                    "no save has succeeded for " + (now - process.unsavedSince) + " ms");
            Violation.unless(
                    invocation.fencingToken() == consumer.row.epoch(), "the epoch should be " + consumer.row.epoch());
            for (Record record : invocation.records()) {
                Violation.unless(
                        !ShardBook.saysFinished(consumer.row.progress(), record), record + " was finished before");
                if (consumer.counts()) {
                    inOrder(record, invocation.records());
                }
            }
            consumer.lane(invocation.lane())
                    .invoked(
                            invocation.records(),
                            invocation.attempt().requestId(),
                            invocation.attempt().number(),
                            now);
            if (invocation.attempt().number() > 1) {
                tally.count("second and later attempts");
            }
        });
        starts(process, invocation.shard().id(), invocation.records());
    }

    /** All that is owed of a key before a record of it is delivered is done, or is delivered together with it. */
    private void inOrder(Record record, List<Record> batch) {
        for (Record earlier : byKey.getOrDefault(record.partitionKey(), List.of())) {
            if (earlier == record) {
                return;
            }
            Violation.unless(
                    !book(earlier.shardId()).isOwed(earlier) || batch.contains(earlier),
                    record + " comes before " + earlier + " of the same key " + record.partitionKey());
        }
    }

    void returned(SimulatedProcess process, Invocation invocation, InvocationOutcome outcome, long now) {
        String shard = invocation.shard().id();
        ends(process, shard, invocation.records());
        check(() -> process.name + " gets " + outcome + " for " + invocation, () -> {
            ConsumerModel consumer = process.consumer(shard);
            consumer.finish(consumer.lane(invocation.lane()).returned(outcome, now));
        });
        tally.count(outcome.getClass().getSimpleName());
    }

    void tooLarge(SimulatedProcess process, String shard, int lane, int attempt, long now) {
        check(
                () -> process.name + " finds a record too large",
                () -> process.consumer(shard).lane(lane).tooLarge(attempt, now));
        tally.count("TooLarge");
    }

    void sends(SimulatedProcess process, DiscardedBatch batch, long now) {
        check(() -> process.name + " sends " + batch, () -> lane(process, batch).discards(batch, now));
        starts(process, batch.first().shardId(), batch.records());
        tally.count(batch.condition().wireName());
    }

    void sent(SimulatedProcess process, DiscardedBatch batch, long now) {
        ends(process, batch.first().shardId(), batch.records());
        discarded(process, batch, now);
    }

    void dropped(SimulatedProcess process, DiscardedBatch batch, long now) {
        check(() -> process.name + " drops " + batch, () -> lane(process, batch).discards(batch, now));
        discarded(process, batch, now);
        tally.count(batch.condition().wireName());
    }

    private void discarded(SimulatedProcess process, DiscardedBatch batch, long now) {
        check(() -> process.name + " is done with " + batch, () -> {
            lane(process, batch).discarded(now);
            process.consumer(batch.first().shardId()).finish(batch.records());
        });
    }

    private static LaneModel lane(SimulatedProcess process, DiscardedBatch batch) {
        return process.consumer(batch.first().shardId()).laneOf(batch.first());
    }

    // What is in flight.

    private void starts(SimulatedProcess process, String shard, List<Record> batch) {
        check(() -> process.name + " works on " + batch, () -> {
            ConsumerModel consumer = process.consumer(shard);
            for (String key : keys(batch)) {
                ConsumerModel other = process.keysInFlight.put(key, consumer);
                Violation.unless(
                        other == null || !holds(other) || !holds(consumer), "two batches of key " + key + " in flight");
            }
            consumer.inFlight++;
            process.inFlight++;
            Violation.unless(consumer.inFlight <= consumer.factor(), "more in flight than lanes");
            Violation.unless(process.inFlight <= process.permits, "more in flight than permits");
        });
    }

    /** Whether nobody has taken a shard from the process. */
    boolean hasAllItHad(SimulatedProcess process) {
        return process.consumers.values().stream().allMatch(this::holds);
    }

    /** Whether nobody has taken the shard from it since. */
    private boolean holds(ConsumerModel consumer) {
        CheckpointRow row = rows.get(consumer.book.id);
        return row != null && row.epoch() == consumer.row.epoch();
    }

    private void ends(SimulatedProcess process, String shard, List<Record> batch) {
        ConsumerModel consumer = process.consumer(shard);
        keys(batch).forEach(key -> process.keysInFlight.remove(key, consumer));
        consumer.inFlight--;
        process.inFlight--;
    }

    private static Set<String> keys(List<Record> batch) {
        Set<String> keys = new HashSet<>();
        batch.forEach(record -> keys.add(record.partitionKey()));
        return keys;
    }

    // Ends.

    /** Everything that is owed now; to be given to {@link #drained}. */
    List<Owed> owed() {
        return books.values().stream()
                .flatMap(book -> book.owed().stream().map(record -> new Owed(record, book, book.era)))
                .toList();
    }

    /** A record that has to be finished, unless a replay comes between. */
    record Owed(Record record, ShardBook book, int era) {}

    /** Somebody else has taken the shard, and the process can't know that yet. */
    private boolean isFencedUnawares(SimulatedProcess process, ShardBook book) {
        ConsumerModel consumer = process.consumers.get(book.id);
        return consumer != null && !holds(consumer);
    }

    /** The engine says that all of these are finished and saved. */
    void drained(SimulatedProcess process, List<Owed> debts) {
        check(
                () -> process.name + " says drained",
                () -> debts.stream()
                        .filter(debt -> debt.era() == debt.book().era)
                        .filter(debt -> !isFencedUnawares(process, debt.book()))
                        .forEach(debt -> {
                            Violation.unless(!debt.book().isOwed(debt.record()), debt.record() + " is not finished");
                            CheckpointRow row = rows.get(debt.book().id);
                            Violation.unless(
                                    row == null
                                            || row.state() != ShardState.READING
                                            || isSaved(debt.book(), row, debt.record()),
                                    debt.record() + " is not saved");
                        }));
    }

    private static boolean isSaved(ShardBook book, CheckpointRow row, Record record) {
        return ShardBook.saysFinished(row.progress(), record) || !book.isFinished(record);
    }

    /** The process has stopped cleanly: what it finished of the shards it still had is saved. */
    void stopped(SimulatedProcess process) {
        check(() -> "clean stop of " + process.name, () -> {
            Violation.unless(process.inFlight == 0, process.inFlight + " still in flight");
            process.consumers.forEach((shard, consumer) -> {
                CheckpointRow row = rows.get(shard);
                if (row == null || !holds(consumer)) {
                    return;
                }
                if (row.state() == ShardState.READING) {
                    consumer.remembersHeads(row.progress());
                }
                for (Record record : consumer.book.records) {
                    Violation.unless(
                            !consumer.finished.contains(record.sequenceNumber())
                                    || ShardBook.saysFinished(row.progress(), record),
                            record + " is finished, and that is not saved in " + row);
                }
            });
        });
        tally.count("clean stops");
    }

    /** After all has healed and drained. */
    void end() {
        List<Owed> owed = owed();
        if (!owed.isEmpty()) {
            wrong("lost: " + owed);
        }
        for (ShardBook book : books.values()) {
            CheckpointRow row = rows.get(book.id);
            if (book.closed && (row == null || row.state() == ShardState.READING)) {
                wrong("closed and drained, but not ended: " + book.id);
            }
        }
    }
}
