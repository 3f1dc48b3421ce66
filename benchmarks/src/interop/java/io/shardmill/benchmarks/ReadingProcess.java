package io.shardmill.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** A {@link ReadingChild}, as the one sees it who tells it what to do. */
abstract class ReadingProcess implements AutoCloseable {

    private final ChildJvm child;

    ReadingProcess(ChildJvm child) {
        this.child = child;
    }

    /** Writes a command, and returns the answer to it. */
    final String ask(String command) throws IOException {
        child.say(command);
        return child.line();
    }

    /** Begins to read; what it counted before is forgotten. */
    final void read(List<String> order) throws IOException {
        ask("read " + String.join(" ", order));
    }

    /** Returns milliseconds from put to function, of each record since the last call. */
    final List<Double> takeLatencies() throws IOException {
        return Stream.of(ask("latencies").split(" ", -1))
                .filter(text -> !text.isEmpty())
                .map(text -> Long.parseLong(text) / 1e3)
                .toList();
    }

    /** Returns what it counted of the last order. */
    final ReadFigures figures() throws IOException {
        return ReadFigures.parse(ask("figures"));
    }

    /** Ends reading: checkpoints and commits are kept, a group is left. */
    final void stop() throws IOException {
        ask("stop");
    }

    /** Ends the process; a reader that runs stops first, as an application does that is told to. */
    final void end() throws IOException, InterruptedException {
        child.end();
    }

    @Override
    public final void close() throws IOException, InterruptedException {
        child.close();
    }
}
