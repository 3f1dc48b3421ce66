package io.shardmill.benchmarks;

import java.util.List;

/** Measures one or more targets. */
interface Benchmark {

    /** The targets it measures, such as {@code G1}. */
    List<String> targets();

    /** Measures, and adds what was found to the report. */
    void run(Bench bench, Report report) throws Exception;
}
