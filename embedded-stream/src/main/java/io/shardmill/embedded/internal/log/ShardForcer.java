package io.shardmill.embedded.internal.log;

import io.shardmill.runtime.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Forces the files of several shards at once, which takes about half as long as one after the other. Its few
 * threads come when they are needed, touch nothing but the force, and end when idle; nobody interrupts them.
 */
final class ShardForcer implements AutoCloseable {

    private static final int MAX_THREADS = 7;

    private final ThreadPoolExecutor helpers = new ThreadPoolExecutor(
            0,
            MAX_THREADS,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named("shardmill-fsync"),
            new ThreadPoolExecutor.CallerRunsPolicy());

    /** Forces all shards; each keeps its failure. */
    void force(List<ShardAppender> shards) {
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 1; i < shards.size(); i++) {
            others.add(CompletableFuture.runAsync(shards.get(i)::force, helpers));
        }
        if (!shards.isEmpty()) {
            shards.get(0).force();
        }
        others.forEach(CompletableFuture::join);
    }

    /** Ends the helpers, all of which are idle once {@link #force} has returned. */
    @Override
    public void close() {
        helpers.shutdown();
        boolean ended = false;
        while (!ended) {
            try {
                ended = helpers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt the log thread; it ends right after this.
            }
        }
    }
}
