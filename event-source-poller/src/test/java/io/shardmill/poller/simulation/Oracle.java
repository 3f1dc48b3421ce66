package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.EventFormat;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Watches what the engine's consumers do, and knows what they must not. What is owed and saved is the {@link Ledger}'s. */
final class Oracle {

    private static final long PATIENCE_MILLIS = 10_000;

    private final EventFormat format;
    private final Ledger ledger;
    private final Owners owners;
    private final Tally tally;
    private final Verdict verdict;
    /** Whether the record makes a window's state too large. */
    private final Predicate<Record> bloats;

    private final Set<String> requestIds = new HashSet<>();

    Oracle(EventFormat format, Ledger ledger, Owners owners, Tally tally, Verdict verdict, Predicate<Record> bloats) {
        this.bloats = bloats;
        this.owners = owners;
        this.format = format;
        this.ledger = ledger;
        this.tally = tally;
        this.verdict = verdict;
    }

    // Results of saves, as the process gets them.

    /** The process learns that its states are saved, but for those of shards that another process has. */
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

    /** The process learns that it is unknown whether its states are saved. */
    void unanswered(SimulatedProcess process, long now) {
        process.unsavedSince = Math.min(process.unsavedSince, now);
    }

    /** The row has this now. */
    void saved(SimulatedProcess process, CheckpointUpdate update, long now) {
        ConsumerModel consumer = process.consumers.get(update.shard());
        if (consumer != null && consumer.row.epoch() == update.epoch() && consumer.counts()) {
            verdict.check(
                    () -> process.name + " saves the window of " + update.shard(),
                    () -> consumer.remembersWindow(update.progress(), now));
            verdict.check(
                    () -> process.name + " saves the state of " + update.shard(),
                    () -> Violation.unless(
                            update.state() != ShardState.ENDED || !consumer.hasWorkLeft(), "ended, with work left"));
        }
    }

    /** The rows have gone back to an earlier state; the consumers can't know that yet. */
    void wentBack(List<SimulatedProcess> alive, long now) {
        alive.forEach(
                process -> process.consumers.values().forEach(consumer -> consumer.wentBack(ledger.holds(consumer))));
        owners.wentBack(now);
    }

    // Consumers.

    void opened(SimulatedProcess process, EventSourceMapping mapping, String shard, Position from, long now) {
        CheckpointRow row = process.taken.get(shard);
        verdict.check(() -> "open of " + shard + " by " + process.name, () -> {
            Violation.unless(row != null, "it was not taken over");
            Violation.unless(from.equals(row.position()), "from " + from + " and not from " + row.position());
            ConsumerModel old = process.consumers.get(shard);
            Violation.unless(old == null || old.inFlight == 0, "the consumer before still has work in flight");
            if (!row.progress().heads().isEmpty()) {
                tally.count("restarts with failed heads");
            }
            if (row.progress().window() != null) {
                tally.count("restarts in a window");
            }
            ShardBook book = ledger.book(shard);
            book.judgeAgain(row.progress());
            process.consumers.put(
                    shard, new ConsumerModel(book, row, mapping, format.eventSize(shard), requestIds, now));
        });
    }

    void read(SimulatedProcess process, String shard, List<Record> records) {
        ConsumerModel consumer = process.consumer(shard);
        int filtered = consumer.read(records);
        tally.count("filtered", filtered);
    }

    void invoked(SimulatedProcess process, Invocation invocation, long now) {
        verdict.check(() -> process.name + " invokes " + invocation, () -> {
            ConsumerModel consumer = process.consumer(invocation.shard().id());
            Violation.unless(!ledger.isStillPaused(process), "the mapping is paused");
            Violation.unless(now <= consumer.lostSince, "it knows that it has lost the shard");
            Violation.unless(
                    process.unsavedSince == Long.MAX_VALUE || now - process.unsavedSince < PATIENCE_MILLIS,
                    "no save has succeeded for " + (now - process.unsavedSince) + " ms");
            Violation.unless(
                    invocation.origin().fencingToken() == consumer.row.epoch(),
                    "the epoch should be " + consumer.row.epoch());
            List<Record> records = ledger.asPut(invocation.records());
            for (Record record : records) {
                Violation.unless(
                        !ShardBook.saysFinished(consumer.row.progress(), record), record + " was finished before");
                if (consumer.counts() && !consumer.hasLostCommits) {
                    ledger.inOrder(record, records, consumer);
                }
            }
            consumer.lane(invocation.lane())
                    .invoked(
                            records,
                            invocation.attempt().requestId(),
                            invocation.attempt().number(),
                            now);
            shows(consumer, invocation.window(), invocation.records().isEmpty());
            if (invocation.attempt().number() > 1) {
                tally.count("second and later attempts");
            }
        });
        starts(process, invocation.shard().id(), invocation.records(), now);
    }

    void returned(SimulatedProcess process, Invocation invocation, InvocationOutcome outcome, long now) {
        String shard = invocation.shard().id();
        ends(process, shard, invocation.records());
        verdict.check(() -> process.name + " gets " + outcome + " for " + invocation, () -> {
            ConsumerModel consumer = process.consumer(shard);
            LaneModel lane = consumer.lane(invocation.lane());
            boolean closes = lane.isFinal() && outcome instanceof InvocationOutcome.Succeeded;
            List<Record> done = lane.returned(outcome, now);
            consumer.finish(done);
            if (consumer.window != null && closes) {
                consumer.window.finalDone();
            } else if (consumer.window != null && !done.isEmpty()) {
                consumer.window.done(done, outcome.state(), bloats);
            }
        });
        if (invocation.records().isEmpty()) {
            tally.count("final invocations");
        }
        tally.count(
                outcome instanceof InvocationOutcome.Failure failure
                        ? failure.kind().name()
                        : outcome.getClass().getSimpleName());
    }

    /** What the function wrote of these records is there now, and the fact that they are finished. */
    void committed(SimulatedProcess process, LaneCommit commit, List<Record> records) {
        verdict.check(() -> process.name + " commits " + commit, () -> {
            ConsumerModel consumer = process.consumer(commit.shard());
            List<Record> written = ledger.asPut(records);
            for (Record record : written) {
                ledger.inOrder(record, written, consumer);
            }
            ledger.committed(commit, written);
        });
    }

    /** The process learns that its commit was made, and goes on as after a success. */
    void foundCommitted(SimulatedProcess process, LaneCommit commit, long now) {
        verdict.check(() -> process.name + " finds " + commit, () -> {
            ConsumerModel consumer = process.consumer(commit.shard());
            consumer.finish(consumer.lane(commit.fact().lane()).returned(new InvocationOutcome.Succeeded(), now));
        });
    }

    void tooLarge(SimulatedProcess process, String shard, int lane, int attempt, long now) {
        verdict.check(
                () -> process.name + " finds a record too large",
                () -> process.consumer(shard).lane(lane).tooLarge(attempt, now));
        tally.count("TOO_LARGE");
    }

    void sends(SimulatedProcess process, DiscardedBatch batch, long now) {
        verdict.check(() -> process.name + " sends " + batch, () -> discards(process, batch, now));
        starts(process, batch.shard().id(), batch.records(), now);
        tally.count(batch.condition().wireName());
    }

    void sent(SimulatedProcess process, DiscardedBatch batch, long now) {
        ends(process, batch.shard().id(), batch.records());
        discarded(process, batch, now);
    }

    void notSent(SimulatedProcess process, DiscardedBatch batch) {
        ends(process, batch.shard().id(), batch.records());
        verdict.check(
                () -> process.name + " can't send " + batch,
                () -> lane(process.consumer(batch.shard().id()), batch).notSent(batch));
    }

    void dropped(SimulatedProcess process, DiscardedBatch batch, long now) {
        verdict.check(() -> process.name + " drops " + batch, () -> discards(process, batch, now));
        discarded(process, batch, now);
        tally.count(batch.condition().wireName());
    }

    private void discarded(SimulatedProcess process, DiscardedBatch batch, long now) {
        verdict.check(() -> process.name + " is done with " + batch, () -> {
            ConsumerModel consumer = process.consumer(batch.shard().id());
            lane(consumer, batch).discarded(now);
            consumer.finish(batch.records());
            if (consumer.window != null && !batch.records().isEmpty()) {
                consumer.window.done(batch.records(), null, bloats);
            }
        });
    }

    private void discards(SimulatedProcess process, DiscardedBatch batch, long now) {
        ConsumerModel consumer = process.consumer(batch.shard().id());
        lane(consumer, batch).discards(batch, ledger.asPut(batch.records()), now);
        shows(consumer, batch.place().window(), batch.records().isEmpty());
        if (batch.records().isEmpty()) {
            tally.count("final invocations given up");
        }
    }

    private static LaneModel lane(ConsumerModel consumer, DiscardedBatch batch) {
        return batch.records().isEmpty() ? consumer.lane(0) : consumer.laneOf(batch.first());
    }

    private void shows(ConsumerModel consumer, @Nullable Window window, boolean isFinal) {
        if (consumer.window != null) {
            consumer.window.shows(window, isFinal);
        } else {
            Violation.unless(window == null, "a window of a mapping that has none");
        }
        if (window != null && window.isTerminatedEarly()) {
            tally.count("windows terminated early");
        }
    }

    // What is in flight.

    private void starts(SimulatedProcess process, String shard, List<Record> batch, long now) {
        verdict.check(() -> process.name + " works on " + batch, () -> {
            ConsumerModel consumer = process.consumer(shard);
            for (String key : keys(batch)) {
                ConsumerModel other = process.keysInFlight.put(key, consumer);
                Violation.unless(
                        other == null || !ledger.holds(other) || !ledger.holds(consumer),
                        "two batches of key " + key + " in flight");
            }
            consumer.inFlight++;
            process.inFlight++;
            owners.worksOn(process, shard, consumer, now);
            Violation.unless(consumer.inFlight <= consumer.factor(), "more in flight than lanes");
            Violation.unless(process.inFlight <= process.permits, "more in flight than permits");
        });
    }

    private void ends(SimulatedProcess process, String shard, List<Record> batch) {
        ConsumerModel consumer = process.consumer(shard);
        keys(batch).forEach(key -> process.keysInFlight.remove(key, consumer));
        consumer.inFlight--;
        process.inFlight--;
        if (consumer.inFlight == 0) {
            owners.rests(process, shard);
        }
    }

    private static Set<String> keys(List<Record> batch) {
        Set<String> keys = new HashSet<>();
        batch.forEach(record -> keys.add(record.partitionKey()));
        return keys;
    }

    // Ends.

    /** Another process has taken the shard, or the database has lost its saves, and the process can't know that yet. */
    private boolean isFencedUnawares(SimulatedProcess process, ShardBook book) {
        ConsumerModel consumer = process.consumers.get(book.id);
        return consumer != null && (consumer.isOfThePast || !ledger.holds(consumer));
    }

    /** The engine reports that all of these are finished and saved. */
    void drained(SimulatedProcess process, List<Ledger.Owed> debts) {
        verdict.check(
                () -> process.name + " says drained",
                () -> debts.stream()
                        .filter(debt -> debt.era() == debt.book().era)
                        .filter(debt -> !isFencedUnawares(process, debt.book()))
                        .forEach(debt -> {
                            Violation.unless(!debt.book().isOwed(debt.record()), debt.record() + " is not finished");
                            CheckpointRow row = ledger.row(debt.book());
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

    /**
     * The process stops working on a shard, without a last save, because it is not its own any more: another process has it, or the
     * process has released it while an invocation went on.
     */
    void lost(SimulatedProcess process, String shard, boolean isMember) {
        ConsumerModel consumer = process.consumer(shard);
        verdict.check(
                () -> process.name + " gives up " + shard,
                () -> Violation.unless(
                        !isMember || consumer.isGivenUp || consumer.isOfThePast || !ledger.holds(consumer),
                        "it is still its own"));
        consumer.isGivenUp = true;
    }

    /** The process has stopped cleanly: what it finished of the shards it still had is saved. */
    void stopped(SimulatedProcess process) {
        verdict.check(() -> "clean stop of " + process.name, () -> {
            Violation.unless(process.inFlight == 0, process.inFlight + " still in flight");
            process.consumers.forEach((shard, consumer) -> {
                CheckpointRow row = ledger.row(consumer.book);
                if (row == null || !ledger.holds(consumer) || consumer.isGivenUp || consumer.isOfThePast) {
                    return;
                }
                if (row.state() == ShardState.READING) {
                    consumer.remembersHeads(row.progress());
                }
                if (consumer.counts()) {
                    consumer.hasPassedFiltered(row.progress());
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
}
