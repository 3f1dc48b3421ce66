package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server with streams, and what is needed to have them read.
 *
 * @param server the server's name
 * @param isSlow whether it is to be spared: fewer records, and one round
 */
record KinesisBench(
        Bench bench, KinesisPrograms programs, String server, Endpoints endpoints, KinesisFeed feed, boolean isSlow) {

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** How long a reader may take for what it is asked for. */
    static final int BOUND_MILLIS = 120_000;

    static final int BOUND_SECONDS = BOUND_MILLIS / 1_000;

    /** Returns a new name, for a stream or an application. */
    String name(String what) {
        return what + "-" + NAMES.incrementAndGet();
    }

    Path newData() throws IOException {
        return bench.folder("data");
    }

    /** Starts the process of a reader, with a folder of its own. */
    ReaderProcess reader(Contender contender) throws IOException {
        return programs.reader(contender.kind(), newData(), endpoints);
    }

    int rounds() {
        return isSlow ? 1 : bench.rounds();
    }

    String on() {
        return " on " + server;
    }
}
