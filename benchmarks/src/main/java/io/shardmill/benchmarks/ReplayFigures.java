package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the rounds of a replayed backlog say.
 *
 * @param size of a record, in words
 * @param bytes of a record's data
 */
record ReplayFigures(String size, long records, int bytes, int threads, List<Round> rounds) {

    static final String BARE = "bare read and CRC";
    static final String PLAIN = "plain loop";
    static final String ENGINE = "engine";
    static final String SPRING = "Spring application";
    static final String NO_CHECKPOINTS = "engine, checkpoints in memory";
    static final String FACTOR_10 = "engine, factor 10";

    private static final double MAX_MICROS = 4;

    /** @param goal of G1 */
    void addTo(Report report, double goal) {
        table(report);
        for (String runtime : List.of(ENGINE, SPRING)) {
            throughput(report, runtime, goal);
            cost(report, runtime);
        }
        lanes(report);
        Samples checkpoints = Round.ratio(rounds, ENGINE, NO_CHECKPOINTS);
        report.add(new Verdict(
                "G5",
                "throughput with durable checkpoints, " + size + ": >= 0.95 of that without",
                checkpoints.ratio(),
                checkpoints.median() >= 0.95,
                "Without: the same engine with its checkpoints in memory."));
    }

    private void lanes(Report report) {
        Samples lanes = Round.ratio(rounds, FACTOR_10, ENGINE);
        report.add(new Verdict(
                "G3",
                "factor 10, function that does nothing, " + size + ": >= 0.5 of factor 1",
                lanes.ratio(),
                lanes.median() >= 0.5,
                "Each read is spread over ten lanes, and a turn's batches go to as many threads."));
    }

    private void throughput(Report report, String runtime, double goal) {
        Samples ratio = Round.ratio(rounds, runtime, PLAIN);
        report.add(new Verdict(
                "G1",
                "%s, backlog of %s records, durable checkpoints: >= %.2f of the plain loop"
                        .formatted(runtime, size, goal),
                ratio.ratio(),
                ratio.median() >= goal,
                "The plain loop makes the same records with the same reader on %d threads and calls the same function. It reaches %s of a bare read-and-CRC loop, the %s %s of that."
                        .formatted(
                                threads,
                                Round.ratio(rounds, PLAIN, BARE).ratio(),
                                runtime,
                                Round.ratio(rounds, runtime, BARE).ratio())));
    }

    private void cost(Report report, String runtime) {
        double batches = records / (double) BacklogReplay.BATCH;
        Samples micros =
                Samples.of(rounds, round -> (round.nanos(runtime) - round.nanos(PLAIN)) * threads / batches / 1e3);
        report.add(
                new Verdict(
                        "G2",
                        "%s, cost of a batch of 100 x %s over a direct call: <= %.0f us of thread time"
                                .formatted(runtime, size, MAX_MICROS),
                        micros.show("%.1f", " us"),
                        micros.median() <= MAX_MICROS,
                        "(time of the runtime - time of the plain loop) x threads / batches, from the same rounds as G1. The function gets the reader's own objects; that is checked."));
    }

    private void table(Report report) {
        report.section(
                "Backlog of " + size + " records",
                "%d shards, %,d records in the page cache, batches of %d, a function that looks at each record; timed from the first batch to the last."
                        .formatted(BacklogReplay.SHARDS, records, BacklogReplay.BATCH));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "million records/s", "MB/s", "of the plain loop", "of the bare loop"));
        for (String side : rounds.get(0).sides()) {
            Samples rate = Samples.of(rounds, round -> records * 1e3 / round.nanos(side));
            rows.add(List.of(
                    side,
                    rate.show("%.2f", ""),
                    String.format(Locale.ROOT, "%.0f", rate.median() * bytes),
                    Round.ratio(rounds, side, PLAIN).ratio(),
                    Round.ratio(rounds, side, BARE).ratio()));
        }
        report.table(rows);
    }
}
