package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ProgressText;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.FakeGroup;
import io.shardmill.poller.testkit.FakeGroup.Offset;
import io.shardmill.poller.testkit.FakeGroupMember;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Knows what of a topic is owed, and what the processes of its group must not do. */
final class GroupLedger implements FakeGroup.Watcher {

    private static final int ZOMBIE = -1;

    private final Map<String, GroupBook> books = new TreeMap<>();
    private final Map<String, GroupBook> byText = new HashMap<>();
    private final Map<String, GroupProcess> processes = new HashMap<>();
    private final Tally tally;
    private final Verdict verdict;
    private @Nullable FakeGroup group;

    GroupLedger(Tally tally, Verdict verdict) {
        this.tally = tally;
        this.verdict = verdict;
    }

    void watch(FakeGroup watched) {
        group = watched;
    }

    void started(GroupProcess process) {
        processes.put(process.name, process);
    }

    private FakeGroup group() {
        return Objects.requireNonNull(group);
    }

    static long offset(Record record) {
        return record.sequenceNumber().lowBits();
    }

    // The topic.

    private GroupBook book(String shard) {
        return books.computeIfAbsent(shard, GroupBook::new);
    }

    void put(Record record) {
        GroupBook book = book(record.shardId());
        book.records.add(record);
        byText.put(record.text(), book);
    }

    /** An operator wants all from there on, once more or for the first time, and nothing before it. */
    void reset(String shard, long offset) {
        book(shard).reset(offset);
    }

    /** The rows of the shard's only database were set to its beginning: all comes once more. */
    void replayed(GroupProcess process, CheckpointRow row) {
        GroupBook book = book(row.shard());
        Offset committed = group().committed(row.shard());
        tally.count("shards replayed");
        book.replay(
                committed != null && committed.store() == null ? committed : null,
                group().holders().get(row.shard()));
        book.saved.remove(process.store.id());
    }

    /** The shard has lost its records from there on: whoever has read some of them must not go on. */
    void truncated(String shard, long end) {
        book(shard).truncate(end);
        processes.values().stream()
                .filter(process -> !process.isReadingUpTo(shard, end))
                .forEach(process -> process.lost.add(shard));
    }

    /** Returns those that have lost records since they were reset. */
    List<String> truncated() {
        return books.values().stream()
                .filter(book -> book.isTruncated)
                .map(book -> book.shard)
                .toList();
    }

    void madeAnew() {
        books.clear();
    }

    // The processes.

    @Override
    public void unclean(FakeGroupMember member, Collection<String> shards) {
        tally.count("unclean hand-overs", shards.size());
        process(member).unclean.addAll(shards);
    }

    private GroupProcess process(FakeGroupMember member) {
        return Objects.requireNonNull(processes.get(member.name()));
    }

    private boolean isHolder(GroupProcess process, String shard) {
        FakeGroupMember member = process.topic.member();
        return member != null
                && member.id() != null
                && Objects.equals(group().holders().get(shard), member.id());
    }

    @Override
    public void begins(FakeGroupMember member, String shard, long offset, boolean isPositioned) {
        GroupProcess process = process(member);
        GroupBook book = book(shard);
        boolean isHolder = isHolder(process, shard);
        process.unclean.remove(shard);
        process.givenUp.remove(shard);
        process.eras.put(shard, isHolder ? book.era : ZOMBIE);
        process.ahead.remove(shard);
        process.lost.remove(shard);
        tally.count(isPositioned ? "begun at the group's position" : "begun at a row");
        verdict.check(
                () -> process.name + " begins " + shard + " at " + offset + (isPositioned ? ", positioned" : ""),
                () -> {
                    Offset committed = group().committed(shard);
                    GroupPosition position =
                            committed == null ? null : committed.position(member.store(), group().incarnation());
                    if (!isHolder) {
                        tally.count("zombies that begin");
                        Violation.unless(
                                !isPositioned || !process.store.isShared(), "the position is not its own to set");
                        return;
                    }
                    if (isPositioned) {
                        Violation.unless(
                                position != null
                                        && position.position() instanceof Position.At at
                                        && at.number().lowBits() == offset,
                                "the group's position is " + committed);
                        book.saved.remove(process.store.id());
                        if (committed.equals(book.setBeforeReplay)) {
                            Violation.unless(
                                    !Objects.equals(member.id(), book.holderAtReplay),
                                    "it was replayed since: " + committed);
                            tally.count("replays that nobody has marked");
                            reset(shard, offset);
                            process.eras.put(shard, book.era);
                        }
                        knowsFinished(process, book, position);
                    } else if (position != null && position.origin() == Origin.SAME_ROWS) {
                        Violation.unless(
                                book.isReplayed || offset >= committed.next(), "it is committed already: " + committed);
                    }
                    if (book.readBeforeLoss > 0 && (committed == null || !committed.tellsOf(book.readBeforeLoss))) {
                        tally.count("losses of what was read after the last commit");
                        book.isPassedOver = true;
                    }
                    if (book.isPassedOver) {
                        return;
                    }
                    Record skipped = book.unfinished(book.from, offset);
                    Violation.unless(skipped == null, "it skips " + skipped);
                });
    }

    /** What the position says of later records is true, and they don't come again. */
    private void knowsFinished(GroupProcess process, GroupBook book, GroupPosition position) {
        Progress ahead = new Progress(null, ProgressText.facts(position.ahead()), List.of());
        process.ahead.put(book.shard, ahead);
        for (Record record : book.records) {
            if (offset(record) >= book.from && ShardBook.saysFinished(ahead, record)) {
                Violation.unless(book.done.contains(offset(record)), record + " is not finished, as the position says");
                tally.count("finished ahead of a position");
            }
        }
    }

    void invoked(GroupProcess process, List<Record> batch) {
        GroupBook book = bookOf(batch);
        if (book == null) {
            return;
        }
        verdict.check(() -> process.name + " invokes with " + texts(batch) + " of " + book.shard, () -> {
            book.atWork.forEach((other, count) -> Violation.unless(
                    other == process || count == 0 || isExcused(other, process, book.shard),
                    other.name + " works on it at the same time"));
            if (isToBeChecked(process, book)) {
                batch.forEach(record -> isDue(process, book, record, batch));
            }
        });
        book.atWork.merge(process, 1, Integer::sum);
        batch.stream().filter(book::has).forEach(record -> book.readUpTo = Math.max(book.readUpTo, offset(record) + 1));
    }

    private void isDue(GroupProcess process, GroupBook book, Record record, List<Record> batch) {
        for (Record earlier : book.records) {
            if (offset(earlier) >= offset(record)) {
                break;
            }
            Violation.unless(
                    !earlier.partitionKey().equals(record.partitionKey())
                            || offset(earlier) < book.from
                            || book.done.contains(offset(earlier))
                            || batch.contains(earlier),
                    record + " comes before " + earlier + " of its key");
        }
        Violation.unless(
                offset(record) >= book.saved.getOrDefault(process.store.id(), 0L),
                record + " is delivered again, though the rows say that it is finished");
        Violation.unless(
                !ShardBook.saysFinished(process.ahead.getOrDefault(book.shard, Progress.NONE), record),
                record + " is delivered again, though the group's position says that it is finished");
        if (book.done.contains(offset(record))) {
            tally.count("delivered again");
        }
    }

    /** Whether another process may still be at work: it can't know better, or was waited for long enough. */
    private boolean isExcused(GroupProcess other, GroupProcess process, String shard) {
        if (!other.isAlive() || other.givenUp.contains(shard)) {
            return true;
        }
        if (other.store.equals(process.store)) {
            return !process.store.isMember(other.owners.getOrDefault(shard, ""));
        }
        return isTakenForGone(other, shard) || isTakenForGone(process, shard);
    }

    private boolean isTakenForGone(GroupProcess process, String shard) {
        FakeGroupMember member = process.topic.member();
        return process.unclean.contains(shard)
                || (member != null && member.id() != null && !group().isMember(member.id()));
    }

    void returned(GroupProcess process, List<Record> batch, boolean isDone) {
        GroupBook book = bookOf(batch);
        if (book == null) {
            return;
        }
        book.atWork.merge(process, -1, Integer::sum);
        if (isDone && isOfThisEra(process, book)) {
            batch.stream().filter(book::has).forEach(record -> book.done.add(offset(record)));
        }
    }

    private static boolean isToBeChecked(GroupProcess process, GroupBook book) {
        return isOfThisEra(process, book) && !process.lost.contains(book.shard) && !book.isPassedOver;
    }

    private static boolean isOfThisEra(GroupProcess process, GroupBook book) {
        return process.eras.getOrDefault(book.shard, ZOMBIE) == book.era;
    }

    /** Null for records of a topic that is no more. */
    private @Nullable GroupBook bookOf(List<Record> batch) {
        GroupBook book = byText.get(batch.get(0).text());
        return books.containsValue(book) ? book : null;
    }

    /** A position is late when the shard is not the process's any more. */
    void replaces(GroupProcess process, String shard) {
        tally.count(isHolder(process, shard) ? "rows set to a position" : "rows set to a late position");
        if (process.store.isShared()
                && processes.values().stream()
                        .anyMatch(other -> other != process
                                && other.isReading(shard)
                                && other.store.equals(process.store)
                                && isHolder(other, shard))) {
            tally.count("rows of others set to a position");
        }
    }

    void saved(GroupProcess process, CheckpointUpdate update) {
        GroupBook book = books.get(update.shard());
        if (book == null
                || !update.key().incarnation().equals(group().incarnation())
                || update.progress().watermark() == null
                || !isToBeChecked(process, book)) {
            return;
        }
        long next = update.progress().watermark().lowBits() + 1;
        verdict.check(() -> process.name + " saves " + update.progress() + " of " + book.shard, () -> {
            Record pending = book.unfinished(book.from, next);
            Violation.unless(pending == null, "it says finished of the pending " + pending);
        });
        if (process.store.isShared()) {
            book.saved.put(process.store.id(), next);
        }
    }

    // The end.

    /** Returns what is wrong with the owners; null if each shard has exactly one process that reads it, and that one holds it. */
    @Nullable
    String ownersProblem(List<String> shards) {
        for (String shard : shards) {
            List<String> reading = processes.values().stream()
                    .filter(process -> process.isReading(shard))
                    .map(process -> process.name)
                    .toList();
            if (reading.size() != 1 || !isHolder(processes.get(reading.get(0)), shard)) {
                return shard + " has no owner or several: " + reading + ", held by "
                        + group().holders().get(shard);
            }
        }
        return null;
    }

    /** Returns what is owed still; null if nothing is. */
    @Nullable
    String lostProblem() {
        for (GroupBook book : books.values()) {
            Record lost = book.unfinished(book.from, Long.MAX_VALUE);
            if (lost != null) {
                return "lost: " + lost;
            }
        }
        return null;
    }

    private static List<String> texts(List<Record> records) {
        return records.stream().map(Record::text).toList();
    }
}
