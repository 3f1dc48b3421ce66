package io.shardmill.benchmarks;

/** Compares the readers in one respect, on one server. */
interface ReaderBenchmark {

    void run(KinesisBench bench, KinesisReport report) throws Exception;
}
