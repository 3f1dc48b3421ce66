package io.shardmill.kinesis;

/** Runs tasks later. Thread-safe. */
@FunctionalInterface
interface Timer {

    /** Runs a task, which is short, after so many milliseconds. */
    void after(long millis, Runnable task);
}
