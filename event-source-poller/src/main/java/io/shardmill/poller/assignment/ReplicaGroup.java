package io.shardmill.poller.assignment;

import java.util.concurrent.CompletableFuture;

/** The processes that share shards, as one of them sees them. Thread-safe; nothing here blocks. */
public interface ReplicaGroup {

    /** Returns what was seen last. */
    ReplicaStatus status();

    /**
     * Gives this process no shards any more, until {@link #resume} or its end: it finishes what it has begun and releases what it
     * has, and stays a living member. If all drain, nobody consumes.
     *
     * @return done when it has no shard any more; fails with an {@link IllegalStateException} if it is resumed or stopped before
     */
    CompletableFuture<Void> drain();

    /**
     * Gives this process its part of the shards again.
     *
     * @return done when the other processes can know; fails with an {@link IllegalStateException} if it is drained or stopped before
     */
    CompletableFuture<Void> resume();
}
