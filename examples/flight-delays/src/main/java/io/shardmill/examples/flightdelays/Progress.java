package io.shardmill.examples.flightdelays;

import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.Mappings;
import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.boot.ansi.AnsiColor;
import org.springframework.boot.ansi.AnsiOutput;

/** Shows how the records flow: one line that is updated in a terminal, a line a time elsewhere. Used by one thread. */
final class Progress {

    private static final long FILL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String CLEAR_LINE = "\u001b[K";

    private final RunCounters counters;
    private final PrintStream out;
    private final boolean isTerminal;
    private final LongSupplier nanos;
    private long shownDelivered;
    private long shownNanos;

    Progress(RunCounters counters, PrintStream out, boolean isTerminal, LongSupplier nanos) {
        this.counters = counters;
        this.out = out;
        this.isTerminal = isTerminal;
        this.nanos = nanos;
        this.shownDelivered = counters.delivered();
        this.shownNanos = nanos.getAsLong();
    }

    /** On the standard output, which Spring Boot has found to be a terminal or not, as for the colors of its log. */
    static Progress onConsole(RunCounters counters) {
        boolean isTerminal = !AnsiOutput.encode(AnsiColor.DEFAULT).isEmpty();
        return new Progress(counters, System.out, isTerminal, System::nanoTime);
    }

    /** Returns how many records of all shards are not finished; empty while a shard doesn't know, as one of Kinesis never does. */
    static OptionalLong recordsBehind(Mappings mappings) {
        long behind = 0;
        for (String name : mappings.names()) {
            for (var shard : mappings.describe(name).join().shards()) {
                if (shard.activity() == ShardActivity.ENDED || shard.activity() == ShardActivity.SKIPPED) {
                    continue;
                }
                if (shard.consumer() == null || shard.consumer().recordsBehind().isEmpty()) {
                    return OptionalLong.empty();
                }
                behind += shard.consumer().recordsBehind().getAsLong();
            }
        }
        return OptionalLong.of(behind);
    }

    void show(OptionalLong recordsBehind) {
        long delivered = counters.delivered();
        long now = nanos.getAsLong();
        double seconds = Math.max(1, now - shownNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        String line = String.format(
                Locale.ROOT,
                "  %,d delivered (%,.0f/s), %s, %d retried, %d isolated …",
                delivered,
                (delivered - shownDelivered) / seconds,
                recordsBehind.isPresent()
                        ? String.format(Locale.ROOT, "%,d behind", recordsBehind.getAsLong())
                        : "unknown how many behind",
                counters.retried(),
                counters.isolated());
        shownDelivered = delivered;
        shownNanos = now;
        print(line);
    }

    /** Shows how much is put, every half a second at most: into Kinesis that may take minutes. */
    void showFill(int put, int lines) {
        long now = nanos.getAsLong();
        if (now - shownNanos >= FILL_INTERVAL) {
            shownDelivered = counters.delivered();
            shownNanos = now;
            print(String.format(Locale.ROOT, "  %,d of %,d put, %,d delivered …", put, lines, shownDelivered));
        }
    }

    private void print(String line) {
        if (isTerminal) {
            // The cursor returns to the line's beginning, so that a line of the log takes its place.
            out.print(CLEAR_LINE + line + "\r");
            out.flush();
        } else {
            out.println(line);
        }
    }

    /** Takes the updated line away. */
    void end() {
        if (isTerminal) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
