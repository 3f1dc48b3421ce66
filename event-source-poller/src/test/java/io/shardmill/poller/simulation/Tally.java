package io.shardmill.poller.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened, so that a test can see that the schedules are not tame. */
final class Tally {

    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
