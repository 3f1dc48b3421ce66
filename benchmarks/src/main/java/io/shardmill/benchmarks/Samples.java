package io.shardmill.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One figure, measured once a round. */
record Samples(double[] values) {

    static <T> Samples of(List<T> rounds, ToDoubleFunction<T> figure) {
        return new Samples(rounds.stream().mapToDouble(figure).toArray());
    }

    double median() {
        return percentile(50);
    }

    double min() {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    double max() {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }

    /** Each value over the other's of the same round. */
    Samples over(Samples other) {
        double[] ratios = new double[values.length];
        Arrays.setAll(ratios, round -> values[round] / other.values[round]);
        return new Samples(ratios);
    }

    /** The smallest value that is no less than that share of all; the mean of the middle two for an even median. */
    double percentile(double percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (percent == 50 && sorted.length % 2 == 0) {
            return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    /** The median and, in brackets, the smallest and the largest round. */
    String show(String format, String unit) {
        String values = format + "%s [" + format + " - " + format + "]";
        return String.format(Locale.ROOT, values, median(), unit, min(), max());
    }

    String ratio() {
        return show("%.2f", "");
    }
}
