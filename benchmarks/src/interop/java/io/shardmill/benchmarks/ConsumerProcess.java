package io.shardmill.benchmarks;

import java.io.IOException;

/** A {@link ConsumerChild}, as the one sees it who tells it what to do. */
final class ConsumerProcess extends ReadingProcess {

    ConsumerProcess(ChildJvm child) {
        super(child);
    }

    /** Begins to consume; what it counted before is forgotten. */
    void consume(ConsumeOrder order) throws IOException {
        read(order.words());
    }

    /** Waits until so many records are handled; returns whether they are. */
    boolean await(int count, long millis) throws IOException {
        return Boolean.parseBoolean(ask("await " + count + " " + millis));
    }
}
