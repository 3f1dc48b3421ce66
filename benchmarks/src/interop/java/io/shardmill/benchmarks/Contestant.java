package io.shardmill.benchmarks;

/**
 * Reads a topic as the only reader of its group, from the topic's begin, and hands what it reads to the function it was started with. Closing
 * it leaves the group.
 */
interface Contestant extends AutoCloseable {}
