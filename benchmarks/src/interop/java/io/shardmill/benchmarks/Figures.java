package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What each contender reached in each round, in the order of the contenders. */
final class Figures<T> {

    private final Map<String, List<T>> rounds = new LinkedHashMap<>();

    void add(String contender, T round) {
        rounds.computeIfAbsent(contender, first -> new ArrayList<>()).add(round);
    }

    /** Makes one figure of what was reached. */
    Figure figure(String title, String unit, String format, boolean isHigherBetter, ToDoubleFunction<T> value) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        rounds.forEach((contender, reached) -> samples.put(contender, Samples.of(reached, value)));
        return new Figure(title, unit, format, isHigherBetter, samples);
    }
}
