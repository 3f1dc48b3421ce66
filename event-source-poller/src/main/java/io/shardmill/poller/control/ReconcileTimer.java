package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.EnginePorts;
import java.util.function.Consumer;

/** Begins the next pass of a mapping when it is due. Touched only inside the mapping's turns. */
final class ReconcileTimer {

    private final EnginePorts engine;
    private final Consumer<Runnable> post;
    private final Runnable reconcile;
    private long due = Long.MAX_VALUE;

    /** @param post runs a command in a later turn of the mapping */
    ReconcileTimer(EnginePorts engine, Consumer<Runnable> post, Runnable reconcile) {
        this.engine = engine;
        this.post = post;
        this.reconcile = reconcile;
    }

    /** Reconciles after this many milliseconds, if not before. */
    void after(long millis) {
        long at = engine.clock().millis() + millis;
        if (at < due) {
            Runnable command = () -> reconcileIfDue(at);
            engine.timer().at(at, () -> post.accept(command));
            due = at;
        }
    }

    /** Unless an earlier time has been set since: whatever the clock says now, which may have been set. */
    private void reconcileIfDue(long at) {
        if (at == due) {
            due = Long.MAX_VALUE;
            reconcile.run();
        }
    }
}
