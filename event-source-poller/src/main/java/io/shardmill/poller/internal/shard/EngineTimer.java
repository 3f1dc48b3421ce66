package io.shardmill.poller.internal.shard;

/** Due times of the whole engine. Thread-safe. */
public interface EngineTimer {

    /** Runs {@code task} at that time, in milliseconds since the epoch, or soon after it; the task must not block. */
    void at(long millis, Runnable task);
}
