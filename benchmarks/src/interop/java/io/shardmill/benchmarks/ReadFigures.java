package io.shardmill.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a reader counted of one order. Times and requests are from its first request for records to the end of the last batch; rates are
 * not a number where not all records came.
 */
record ReadFigures(Map<String, Long> figures) {

    /** @param text names and values, as {@code handled=100 nanos=2000} */
    static ReadFigures parse(String text) {
        Map<String, Long> figures = new LinkedHashMap<>();
        for (String figure : text.split(" ", -1)) {
            String[] parts = figure.split("=", -1);
            figures.put(parts[0], Long.parseLong(parts[1]));
        }
        return new ReadFigures(figures);
    }

    long get(String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    private double records() {
        return get("handled") == get("expected") ? get("handled") : Double.NaN;
    }

    double recordsPerSecond() {
        return records() * 1e9 / get("nanos");
    }

    double cpuMicrosPerRecord() {
        return get("cpuNanos") / 1e3 / records();
    }

    /** Returns what {@link RequestCount#reading} counts. */
    double requestsPerThousand() {
        return RequestCount.reading(figures) * 1e3 / records();
    }

    double checkpointsPerThousand() {
        return figures.getOrDefault(RequestCount.CHECKPOINT, 0L) * 1e3 / records();
    }
}
