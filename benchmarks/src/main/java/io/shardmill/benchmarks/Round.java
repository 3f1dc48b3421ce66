package io.shardmill.benchmarks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One round of a comparison: how long each side took. */
record Round(Map<String, Double> nanosPerPass) {

    static Round of(Map<String, Side> sides, Duration atLeast) throws Exception {
        Map<String, Double> nanos = new LinkedHashMap<>();
        for (Map.Entry<String, Side> side : sides.entrySet()) {
            nanos.put(side.getKey(), side.getValue().nanosPerPass(atLeast));
        }
        return new Round(nanos);
    }

    Set<String> sides() {
        return nanosPerPass.keySet();
    }

    double nanos(String side) {
        return Objects.requireNonNull(nanosPerPass.get(side), side);
    }

    /** How much faster {@code side} is than {@code base}, round by round. */
    static Samples ratio(List<Round> rounds, String side, String base) {
        return Samples.of(rounds, round -> round.nanos(base) / round.nanos(side));
    }
}
