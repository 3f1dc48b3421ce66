package io.shardmill.benchmarks;

/** A reader that runs, and hands what it reads to the handler it was made with. Closing it keeps its checkpoints. */
interface ReaderUnderTest extends AutoCloseable {}
