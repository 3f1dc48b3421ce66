package io.shardmill.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** A {@link ConsumerChild}, as the one sees it who tells it what to do. */
final class ConsumerProcess implements AutoCloseable {

    private final ChildJvm child;

    ConsumerProcess(ChildJvm child) {
        this.child = child;
    }

    private String ask(String command) throws IOException {
        child.say(command);
        return child.line();
    }

    /** Begins to consume; what it counted before is forgotten. */
    void consume(ConsumeOrder order) throws IOException {
        ask("consume " + String.join(" ", order.words()));
    }

    /** Waits until so many records are handled; returns whether they are. */
    boolean await(int count, long millis) throws IOException {
        return Boolean.parseBoolean(ask("await " + count + " " + millis));
    }

    /** Returns milliseconds from put to function, of each record since the last call. */
    List<Double> takeLatencies() throws IOException {
        return Stream.of(ask("latencies").split(" ", -1))
                .filter(text -> !text.isEmpty())
                .map(text -> Long.parseLong(text) / 1e3)
                .toList();
    }

    /** Returns what {@link Consumed} counted. */
    ReadFigures figures() throws IOException {
        return ReadFigures.parse(ask("figures"));
    }

    /** Ends consuming: what was handled is committed, and the group is left. */
    void stop() throws IOException {
        ask("stop");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        child.close();
    }
}
