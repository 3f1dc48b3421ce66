package io.shardmill.benchmarks;

/** Compares the contestants in one respect. */
interface KafkaBenchmark {

    void run(KafkaBench bench, KafkaReport report) throws Exception;
}
