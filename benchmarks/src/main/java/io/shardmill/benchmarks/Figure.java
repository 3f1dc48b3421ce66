package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One figure of several contenders. A round that did not finish within its bound is not a number, and worse than any.
 *
 * @param format of a value, such as {@code %.1f}
 * @param rounds of each contender, the first of which is to be ahead of the others
 */
record Figure(String title, String unit, String format, boolean isHigherBetter, Map<String, Samples> rounds) {

    static final String UNFINISHED = "not within the bound";

    Figure {
        rounds = new LinkedHashMap<>(rounds);
    }

    List<String> contenders() {
        return List.copyOf(rounds.keySet());
    }

    Samples of(String contender) {
        return Objects.requireNonNull(rounds.get(contender), contender);
    }

    /** Returns the median; not a number if a round did not finish. */
    double median(String contender) {
        Samples samples = of(contender);
        return isFinished(samples) ? samples.median() : Double.NaN;
    }

    private static boolean isFinished(Samples samples) {
        return !Double.isNaN(samples.max());
    }

    /** Returns the median and, in brackets, the smallest and the largest round. */
    String show(String contender) {
        Samples samples = of(contender);
        return isFinished(samples) ? samples.show(format, "") : UNFINISHED;
    }

    /** Returns how many times a contender's value that of each is, round by round. */
    Figure beside(String contender) {
        Map<String, Samples> ratios = new LinkedHashMap<>();
        rounds.forEach((each, samples) -> ratios.put(each, samples.over(of(contender))));
        return new Figure("beside " + contender, "ratio", "%.2f", isHigherBetter, ratios);
    }

    /** Judges whether the first contender is ahead of each other one. */
    Verdict verdict(String target, String remark) {
        String first = contenders().get(0);
        String best = contenders().get(1);
        for (String other : contenders().subList(1, contenders().size())) {
            best = isAhead(median(other), median(best)) ? other : best;
        }
        return new Verdict(
                target,
                "%s (%s): ahead of each KCL".formatted(title, unit),
                "%s; %s: %s".formatted(show(first), best, show(best)),
                isAhead(median(first), median(best)),
                remark);
    }

    private boolean isAhead(double value, double other) {
        if (Double.isNaN(value) || Double.isNaN(other)) {
            return !Double.isNaN(value);
        }
        return isHigherBetter ? value > other : value < other;
    }

    /** Returns a table of figures of the same contenders. */
    static List<List<String>> table(List<Figure> figures) {
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        figures.forEach(figure -> head.add(figure.title() + ", " + figure.unit()));
        table.add(head);
        for (String contender : figures.get(0).contenders()) {
            List<String> row = new ArrayList<>(List.of(contender));
            figures.forEach(figure -> row.add(figure.show(contender)));
            table.add(row);
        }
        return table;
    }
}
