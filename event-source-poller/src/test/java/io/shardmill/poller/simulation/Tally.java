package io.shardmill.poller.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often what happened, so that a test can see that the schedules are not tame. */
final class Tally {

    /** What has to happen in any few hundred schedules. */
    static final List<String> EVERYTHING = List.of(
            "NOT_INVOKED",
            "PartlyFailed",
            "RecordAgeExceeded",
            "RetryAttemptsExhausted",
            "Succeeded",
            "THREW",
            "TIMED_OUT",
            "TOO_LARGE",
            "accepted older stores",
            "changes made again on a newer version",
            "clean stops",
            "crashes",
            "crashes in a database call",
            "deployments",
            "destination refused",
            "drained",
            "drains",
            "failed database calls",
            "final invocations",
            "final invocations given up",
            "forgotten",
            "forgotten while delivered",
            "fenced saves",
            "fleets",
            "filtered",
            "lost commits",
            "lost shards",
            "lost stores",
            "memory full at a send",
            "memory full at an invocation",
            "merges",
            "older stores",
            "outlived by a new version",
            "partitions",
            "pause",
            "refused changes",
            "replay",
            "restarts in a window",
            "restarts with failed heads",
            "restarts with lanes ahead",
            "second and later attempts",
            "splits",
            "stuck",
            "suspensions",
            "suspensions in a transaction",
            "transactions COMMITTED",
            "transactions NOT_OWNED",
            "transactions found committed",
            "transactions found rolled back",
            "trims",
            "update",
            "windows terminated early");

    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        count(what, 1);
    }

    void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
