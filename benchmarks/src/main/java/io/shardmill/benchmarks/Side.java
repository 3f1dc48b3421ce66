package io.shardmill.benchmarks;

import java.time.Duration;

/** One side of a comparison of throughput: delivers the same backlog again and again. */
interface Side {

    /** Delivers all of the backlog once; nanoseconds from the first batch to the last. */
    long passNanos() throws Exception;

    /** Runs for at least that long; how many nanoseconds a pass takes. */
    default double nanosPerPass(Duration atLeast) throws Exception {
        long nanos = 0;
        int passes = 0;
        while (nanos < atLeast.toNanos()) {
            nanos += passNanos();
            passes++;
        }
        return (double) nanos / passes;
    }
}
