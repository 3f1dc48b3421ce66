package io.shardmill.examples.flightdelays;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the run came to, for people and for machines.
 *
 * @param lost lines of the file that are neither in the table nor at the destination, of all runs
 */
record Report(List<AirportDelays> mostDelayed, int records, RunCounters run, int lost, Duration took) {

    String text() {
        StringBuilder text = new StringBuilder("\n  Most delayed airports, first quarter of 2001\n\n");
        text.append("  airport   flights   mean delay   worst delay\n");
        for (AirportDelays airport : mostDelayed) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-7s %,9d %8.1f min %9d min%n",
                    airport.airport(),
                    airport.flights(),
                    airport.meanDelay(),
                    airport.worstDelay()));
        }
        text.append(String.format(
                Locale.ROOT,
                "%n  %,d records delivered in %,d batches (%d of them tried again), %d isolated, %,.0f records/s%n",
                run.delivered(),
                run.batches(),
                run.retried(),
                run.isolated(),
                run.delivered() / Math.max(0.001, took.toMillis() / 1000.0)));
        return text.toString();
    }

    /** Returns the line for machines. */
    String result() {
        return String.format(
                Locale.ROOT,
                "RESULT records=%d delivered=%d isolated=%d retried=%d lost=%d",
                records,
                run.delivered(),
                run.isolated(),
                run.retried(),
                lost);
    }
}
