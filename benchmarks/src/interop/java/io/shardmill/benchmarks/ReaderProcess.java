package io.shardmill.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** A {@link ReaderChild}, as the one sees it who tells it what to do. */
final class ReaderProcess implements AutoCloseable {

    private final ChildJvm child;

    ReaderProcess(ChildJvm child) {
        this.child = child;
    }

    private String ask(String command) throws IOException {
        child.say(command);
        return child.line();
    }

    /** Begins to read; what it counted before is forgotten. */
    void read(ReadOrder order) throws IOException {
        ask("read " + String.join(" ", order.words()));
    }

    /** Waits until the batches with all of these records have returned; returns whether they have. */
    boolean await(int from, int to, long millis) throws IOException {
        return Boolean.parseBoolean(ask("await " + from + " " + to + " " + millis));
    }

    /** Returns milliseconds from put to handler, of each record since the last call. */
    List<Double> takeLatencies() throws IOException {
        return Stream.of(ask("latencies").split(" ", -1))
                .filter(text -> !text.isEmpty())
                .map(text -> Long.parseLong(text) / 1e3)
                .toList();
    }

    /** Returns what {@link Received} counted. */
    ReadFigures figures() throws IOException {
        return ReadFigures.parse(ask("figures"));
    }

    /** Returns how many requests its records have taken in its life, as {@link RequestCount#reading} says. */
    long sent() throws IOException {
        return Long.parseLong(ask("sent"));
    }

    /** Ends reading, checkpoints kept. */
    void stop() throws IOException {
        ask("stop");
    }

    /** Ends the process; a reader that runs stops first, as an application does that is told to. */
    void end() throws IOException, InterruptedException {
        child.end();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        child.close();
    }
}
