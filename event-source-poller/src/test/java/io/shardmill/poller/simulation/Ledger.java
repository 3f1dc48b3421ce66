package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StartingPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is in the stream, what of it is owed, and whether the committed rows are right about it. */
final class Ledger {

    private final StartingPosition startingPosition;
    private final Tally tally;
    private final Verdict verdict;
    private final Map<String, ShardBook> books = new LinkedHashMap<>();
    private final Map<String, List<Record>> byKey = new HashMap<>();
    private final Map<String, CheckpointRow> rows = new LinkedHashMap<>();

    /** What transactions of functions have committed beside the rows. */
    private final Map<String, List<LaneFact>> facts = new HashMap<>();

    private boolean isPaused;

    /** Goes up with each resume. */
    private int pauses;

    Ledger(StartingPosition startingPosition, Tally tally, Verdict verdict) {
        this.startingPosition = startingPosition;
        this.tally = tally;
        this.verdict = verdict;
    }

    // The stream.

    void added(String shard, List<String> parents) {
        books.put(shard, new ShardBook(shard, parents));
    }

    void closed(String shard) {
        book(shard).closed = true;
    }

    void put(Record record, long now) {
        book(record.shardId()).put(record, now);
        byKey.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>()).add(record);
    }

    void trimmed(String shard, int count) {
        book(shard).trim(count);
    }

    void forgotten(String shard) {
        book(shard).forgotten = true;
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
            if (rows.putIfAbsent(row.shard(), row) != null) {
                verdict.wrong("row of " + row.shard() + ": it begins anew, though there was one");
            } else {
                ShardBook book = book(row.shard());
                book.hasHadRow = true;
                Position start = first ? start(book) : Position.trimHorizon();
                book.begin(start);
                verdict.check(() -> "row of " + row.shard(), () -> begins(book, row, start));
            }
        }
    }

    /** What is known of the rows and the records at some time. */
    record Snapshot(
            Map<String, CheckpointRow> rows,
            Map<String, List<LaneFact>> facts,
            boolean isPaused,
            Map<String, ShardBook.Snapshot> books) {}

    Snapshot snapshot() {
        Map<String, ShardBook.Snapshot> copied = new HashMap<>();
        books.forEach((shard, book) -> copied.put(shard, book.snapshot()));
        return new Snapshot(new LinkedHashMap<>(rows), Map.copyOf(facts), isPaused, copied);
    }

    /**
     * The rows are those from back then: what was finished since may be delivered again, and what transactions have written since is
     * lost and has to be. A replay that was begun since is forgotten, and shards that had no row are begun anew.
     */
    void goBack(Snapshot then) {
        rows.clear();
        rows.putAll(then.rows);
        facts.clear();
        facts.putAll(then.facts);
        books.forEach((shard, book) -> book.goBack(then.books.get(shard)));
        if (isPaused != then.isPaused) {
            pauseStored(then.isPaused);
        }
    }

    /** Where the shard begins by the mapping's first listing of the stream. */
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
            facts.remove(row.shard());
            ShardBook book = book(row.shard());
            book.begin(row.state() == ShardState.SKIPPED ? null : row.position());
        }
    }

    void deleted(Collection<String> shards) {
        for (String shard : shards) {
            verdict.check(
                    () -> "end of the row of " + shard,
                    () -> Violation.unless(book(shard).forgotten, "the stream still lists it"));
            rows.remove(shard);
            facts.remove(shard);
        }
    }

    void takenOver(SimulatedProcess process, CheckpointRow row) {
        verdict.check(() -> "take-over of " + row.shard() + " by " + process.name, () -> {
            for (String parent : book(row.shard()).parents) {
                Violation.unless(isOver(parent, process), "its parent " + parent + " is not finished");
            }
            CheckpointRow known = rows.get(row.shard());
            Violation.unless(
                    known != null && isSame(withFacts(known), row), "another row than was saved: " + known + facts);
            Violation.unless(known.state() == ShardState.READING, "it is " + known.state());
        });
        rows.put(row.shard(), row);
        process.taken.put(row.shard(), row);
        if (!row.progress().ahead().isEmpty()) {
            tally.count("restarts with lanes ahead");
        }
    }

    private CheckpointRow withFacts(CheckpointRow row) {
        return row.with(facts.getOrDefault(row.shard(), List.of()));
    }

    private static boolean isSame(CheckpointRow known, CheckpointRow row) {
        return Set.copyOf(known.progress().ahead())
                        .equals(Set.copyOf(row.progress().ahead()))
                && Objects.equals(known.progress().watermark(), row.progress().watermark())
                && known.progress().heads().equals(row.progress().heads())
                && Objects.equals(known.progress().window(), row.progress().window());
    }

    /** What a function wrote of these records is there now, and the fact that they are finished. */
    void committed(LaneCommit commit, List<Record> records) {
        CheckpointRow row = rows.get(commit.shard());
        Violation.unless(row != null && row.epoch() == commit.epoch(), "committed under an old epoch");
        ShardBook book = book(commit.shard());
        records.forEach(book::write);
        Progress fact = Progress.NONE.with(List.of(commit.fact()));
        for (Record record : book.unfinished()) {
            Violation.unless(!ShardBook.saysFinished(fact, record), "it says finished of the pending " + record);
        }
        facts.merge(commit.shard(), List.of(commit.fact()), LaneFact::union);
    }

    private boolean isOver(String shard, SimulatedProcess process) {
        CheckpointRow row = rows.get(shard);
        boolean isNotRead = row == null || row.state() == ShardState.SKIPPED || book(shard).forgotten;
        return !book(shard).hasHadRow
                || (row != null && row.state() == ShardState.ENDED)
                || (isNotRead
                        && !isStillConsumed(shard, process)
                        && book(shard).parents.stream().allMatch(parent -> isOver(parent, process)));
    }

    /** Whether records of a shard, forgotten perhaps, are still to be delivered by the process that has it. */
    boolean isStillConsumed(String shard, SimulatedProcess process) {
        ConsumerModel consumer = process.consumers.get(shard);
        return consumer != null && holds(consumer) && consumer.hasWorkLeft();
    }

    void saved(CheckpointUpdate update) {
        ShardBook book = book(update.shard());
        CheckpointRow before = rows.get(update.shard());
        verdict.check(() -> "save of " + update.shard() + " " + update.progress(), () -> {
            Violation.unless(before != null && before.epoch() == update.epoch(), "saved under an old epoch");
            Violation.unless(!goesBack(before.progress(), update.progress()), "the watermark goes back");
            for (Record record : book.unfinished()) {
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

    private static boolean goesBack(Progress before, Progress after) {
        return before.watermark() != null
                && (after.watermark() == null || before.watermark().compareTo(after.watermark()) > 0);
    }

    void pauseStored(boolean paused) {
        pauses = paused ? pauses : pauses + 1;
        isPaused = paused;
    }

    /** The process has paused, or was started, in a pause that has not been resumed. */
    boolean isStillPaused(SimulatedProcess process) {
        return process.pausedIn == pauses;
    }

    /** The number of the pause that is stored, or -1. */
    int currentPause() {
        return isPaused ? pauses : -1;
    }

    /** Whether no other process has taken the shard from it since. */
    boolean holds(ConsumerModel consumer) {
        CheckpointRow row = rows.get(consumer.book.id);
        return row != null && row.epoch() == consumer.row.epoch();
    }

    /** The records that were put, for those that are delivered. */
    List<Record> asPut(List<Record> delivered) {
        return delivered.stream()
                .map(record -> book(record.shardId()).asPut(record))
                .toList();
    }

    /** All that is owed of a key before a record of it is delivered is done, or is delivered together with it. */
    void inOrder(Record record, List<Record> batch, ConsumerModel consumer) {
        for (Record earlier : byKey.getOrDefault(record.partitionKey(), List.of())) {
            if (earlier.equals(record)) {
                return;
            }
            Violation.unless(
                    !book(earlier.shardId()).isOwed(earlier) || batch.contains(earlier) || consumer.leavesOut(earlier),
                    record + " comes before " + earlier + " of the same key " + record.partitionKey());
        }
    }

    /** Everything that is owed now; to be given to {@link Oracle#drained}. */
    List<Owed> owed() {
        return books.values().stream()
                .flatMap(book -> book.owed().stream().map(record -> new Owed(record, book, book.era)))
                .toList();
    }

    /** A record that has to be finished, unless a replay comes between. */
    record Owed(Record record, ShardBook book, int era) {}

    @Nullable
    CheckpointRow row(ShardBook book) {
        return rows.get(book.id);
    }

    /** The rows of shards that are read and have an open window. */
    List<CheckpointRow> openWindows() {
        return rows.values().stream()
                .filter(row -> row.state() == ShardState.READING
                        && row.progress().window() != null
                        && !book(row.shard()).forgotten)
                .toList();
    }

    /** After all has healed and drained. */
    void end() {
        List<Owed> lost = owed();
        if (!lost.isEmpty()) {
            verdict.wrong("lost: " + lost);
        }
        for (ShardBook book : books.values()) {
            if (book.forgotten) {
                continue;
            }
            CheckpointRow row = rows.get(book.id);
            if (row != null && row.progress().window() != null) {
                verdict.wrong("never closed: " + row.progress().window() + " of " + book.id);
            }
            if (book.closed && (row == null || row.state() == ShardState.READING)) {
                verdict.wrong("closed and drained, but not ended: " + book.id);
            }
        }
    }
}
