package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.OpenWindow.Phase;
import io.shardmill.runtime.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A shard's tumbling windows as the spec has them (6.7), written a second time: which records are in which, what the
 * state is after each of them, and when a window may be closed. The right state is made of the records that are done.
 */
final class WindowModel {

    private static final long GRACE_MILLIS = 5_000;
    private static final int MAX_STATE_BYTES = 1_048_576;
    private static final String PAD = "x".repeat(MAX_STATE_BYTES);

    private final long length;
    private final ShardBook book;
    private @Nullable OpenWindow open;
    private @Nullable SequenceNumber lastRead;

    /** By how many records this consumer had finished: all that the window was meanwhile. */
    private final List<List<@Nullable OpenWindow>> history = new ArrayList<>();

    /** @param lastRead where the consumer begins to read */
    WindowModel(long length, ShardBook book, @Nullable OpenWindow restored, @Nullable SequenceNumber lastRead) {
        this.length = length;
        this.book = book;
        this.open = restored;
        this.lastRead = lastRead;
        finished(0);
    }

    /** The state that a function makes of the state before and of records that are done. */
    static String stateWith(String before, List<Record> done, Predicate<Record> bloats) {
        StringBuilder seen = new StringBuilder(seen(before));
        boolean large = false;
        for (Record record : done) {
            seen.append(' ').append(record.sequenceNumber());
            large |= bloats.test(record);
        }
        return "{\"seen\":\"" + seen + (large ? "\",\"pad\":\"" + PAD : "") + "\"}";
    }

    private static String seen(String state) {
        String[] parts = state.split("\"", 5);
        return parts.length < 4 ? "" : parts[3];
    }

    void read(Record record) {
        lastRead = record.sequenceNumber();
    }

    private void become(@Nullable OpenWindow next) {
        open = next;
        history.get(history.size() - 1).add(next);
    }

    private void finished(int count) {
        for (int index = 0; index < count || history.isEmpty(); index++) {
            history.add(new ArrayList<>());
        }
        history.get(history.size() - 1).add(open);
    }

    // What the consumer does.

    /** Records are invoked or given up. */
    void begins(List<Record> batch) {
        OpenWindow window = open == null ? opened(batch.get(0)) : open;
        Violation.unless(window.phase() == Phase.OPEN, "records, though the final invocation is due");
        if (open == null) {
            become(window);
        }
        for (Record record : batch) {
            Violation.unless(!isLater(record, window), record + " is not of the window that ends " + window.end());
        }
    }

    private OpenWindow opened(Record first) {
        long start = first.approximateArrivalMillis() - Math.floorMod(first.approximateArrivalMillis(), length);
        return new OpenWindow(Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + length), "{}", Phase.OPEN);
    }

    private static boolean isLater(Record record, OpenWindow window) {
        return !record.approximateArrivalTimestamp().isBefore(window.end());
    }

    /** Whether a batch that ends before {@code next} ends there because its window does. */
    boolean ends(Record first, Record next) {
        return isLater(next, open == null ? opened(first) : open);
    }

    /** Whether the window of a batch that begins with this record needs no more waiting. */
    boolean isPast(Record first, long now) {
        return now >= (open == null ? opened(first) : open).end().toEpochMilli() + GRACE_MILLIS;
    }

    /** The final invocation is made or given up. */
    void beginsFinal(List<Record> waiting, long now) {
        OpenWindow window = open;
        Violation.unless(window != null, "a final invocation without a window");
        if (window.phase() == Phase.OPEN) {
            Violation.unless(mayClose(window, waiting, now), "a final invocation before the window is over");
            become(window.with(Phase.CLOSING));
        }
    }

    private boolean mayClose(OpenWindow window, List<Record> waiting, long now) {
        if (!waiting.isEmpty()) {
            return isLater(waiting.get(0), window);
        }
        long graceEnd = window.end().toEpochMilli() + GRACE_MILLIS;
        return (book.closed && book.unreadAfter(lastRead, Long.MAX_VALUE).isEmpty())
                || (now >= graceEnd && book.unreadAfter(lastRead, graceEnd).isEmpty());
    }

    boolean isOpen() {
        return open != null;
    }

    boolean isClosing() {
        return open != null && open.phase() != Phase.OPEN;
    }

    long end() {
        return open == null ? Long.MAX_VALUE : open.end().toEpochMilli();
    }

    /** What an invocation, or the document of a discard, has to say of it. */
    void shows(@Nullable Window window, boolean isFinal) {
        OpenWindow right = Objects.requireNonNull(open);
        Violation.unless(window != null, "no window is shown");
        Violation.unless(
                window.start().equals(right.start()) && window.end().equals(right.end()),
                window + " should be " + right);
        Violation.unless(
                window.state().equals(right.state()),
                "the state should be '" + seen(right.state()) + "' but is '" + seen(window.state()) + "'");
        Violation.unless(
                window.isFinal() == isFinal
                        && window.isTerminatedEarly() == (isFinal && right.phase() == Phase.CLOSING_EARLY),
                window + " should be " + (isFinal ? "final of " : "in ") + right);
    }

    /** The records are done, and the function has returned this; null if they were given up. */
    void done(List<Record> records, @Nullable String state, Predicate<Record> bloats) {
        OpenWindow window = Objects.requireNonNull(open);
        finished(records.size());
        if (state != null) {
            String right = stateWith(window.state(), records, bloats);
            Violation.unless(
                    right.equals(state), "the function returned '" + seen(state) + "'"); // a fault of the test's
            become(window.with(right).with(right.length() > MAX_STATE_BYTES ? Phase.CLOSING_EARLY : Phase.OPEN));
        }
    }

    void finalDone() {
        OpenWindow window = Objects.requireNonNull(open);
        become(window.phase() == Phase.CLOSING_EARLY ? window.with("{}").with(Phase.OPEN) : null);
    }

    // What is saved.

    /** A row says that {@code finished} records of this consumer's are done, and this of the window. */
    void saved(int finished, @Nullable OpenWindow saved, List<Record> waiting, long now) {
        boolean isRight = history.get(finished).stream().anyMatch(was -> Objects.equals(was, saved))
                || (finished == history.size() - 1 && isNext(saved, waiting, now));
        Violation.unless(
                isRight,
                "with " + finished + " records done " + describe(saved) + " is saved, but it was "
                        + history.get(finished).stream()
                                .map(WindowModel::describe)
                                .toList());
    }

    /** Whether the consumer may just have decided that, and not have acted on it. */
    private boolean isNext(@Nullable OpenWindow saved, List<Record> waiting, long now) {
        if (open == null) {
            return !waiting.isEmpty() && opened(waiting.get(0)).equals(saved);
        }
        return open.phase() == Phase.OPEN && open.with(Phase.CLOSING).equals(saved) && mayClose(open, waiting, now);
    }

    private static String describe(@Nullable OpenWindow window) {
        return window == null ? "no window" : window + " with '" + seen(window.state()) + "'";
    }
}
