package io.shardmill.poller.internal.lease;

import java.util.concurrent.CompletableFuture;

/** Whether this process is to have no shards, as was asked for last, and whether that is reached. Thread-safe. */
final class Draining {

    private boolean isWanted;
    private CompletableFuture<Void> reached = CompletableFuture.completedFuture(null);

    synchronized boolean isWanted() {
        return isWanted;
    }

    /** Asks for it, or for shards again; the future fails if the contrary is asked for before it is reached. */
    CompletableFuture<Void> ask(boolean draining) {
        CompletableFuture<Void> obsolete;
        CompletableFuture<Void> next;
        synchronized (this) {
            if (isWanted == draining) {
                return reached.copy();
            }
            obsolete = reached;
            next = new CompletableFuture<>();
            isWanted = draining;
            reached = next;
        }
        obsolete.completeExceptionally(
                new IllegalStateException(draining ? "This process is drained again" : "This process was resumed"));
        return next.copy();
    }

    /**
     * The row of this process says that it is draining, or is not.
     *
     * @param shards how many it owns
     */
    void seen(boolean draining, int shards) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            if (draining != isWanted || (draining && shards > 0)) {
                return;
            }
            waiting = reached;
        }
        waiting.complete(null);
    }

    /** This process leaves the other processes; when it joins them again, it is to have shards. */
    void end() {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            waiting = reached;
            isWanted = false;
            reached = CompletableFuture.completedFuture(null);
        }
        waiting.completeExceptionally(new IllegalStateException("This process stops"));
    }
}
