package io.shardmill.benchmarks;

import java.util.Map;
import java.util.Objects;

/** What a reader counted of one order; times and requests from the end of its first batch to the end of the last. */
record ReadFigures(Map<String, Long> figures) {

    long get(String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    /** Records that the times and requests are of. */
    private double records() {
        return get("handled") - get("firstBatch");
    }

    double recordsPerSecond() {
        return records() * 1e9 / get("nanos");
    }

    double cpuMicrosPerRecord() {
        return get("cpuNanos") / 1e3 / records();
    }

    /** Requests of all services; in a thousand records. */
    double requestsPerThousand() {
        long sent = figures.entrySet().stream()
                .filter(figure -> figure.getKey().contains("."))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return sent * 1e3 / records();
    }
}
