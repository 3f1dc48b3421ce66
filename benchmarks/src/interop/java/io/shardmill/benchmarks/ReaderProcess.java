package io.shardmill.benchmarks;

import java.io.IOException;

/** A {@link ReaderChild}, as the one sees it who tells it what to do. */
final class ReaderProcess extends ReadingProcess {

    ReaderProcess(ChildJvm child) {
        super(child);
    }

    /** Begins to read; what it counted before is forgotten. */
    void read(ReadOrder order) throws IOException {
        read(order.words());
    }

    /** Waits until the batches with all of these records have returned; returns whether they have. */
    boolean await(int from, int to, long millis) throws IOException {
        return Boolean.parseBoolean(ask("await " + from + " " + to + " " + millis));
    }

    /** Returns how many requests its records have taken in its life, as {@link RequestCount#reading} says. */
    long sent() throws IOException {
        return Long.parseLong(ask("sent"));
    }
}
