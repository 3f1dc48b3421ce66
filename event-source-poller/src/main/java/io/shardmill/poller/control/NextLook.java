package io.shardmill.poller.control;

import io.shardmill.poller.shard.EnginePorts;
import java.util.function.Consumer;

/** The earliest time at which something wants to be looked at again. Touched only by the one who looks. */
final class NextLook {

    private final EnginePorts engine;
    private final Consumer<Runnable> post;
    private final Runnable look;
    private long due = Long.MAX_VALUE;

    /** @param post runs something where {@code look} may run */
    NextLook(EnginePorts engine, Consumer<Runnable> post, Runnable look) {
        this.engine = engine;
        this.post = post;
        this.look = look;
    }

    /** Looks after this many milliseconds, if not before. */
    void after(long millis) {
        long at = engine.clock().millis() + millis;
        if (at < due) {
            due = at;
            engine.timer().at(at, () -> post.accept(() -> lookIfDue(at)));
        }
    }

    /** Unless an earlier look has been asked for since: whatever the clock says now, which may have been set. */
    private void lookIfDue(long at) {
        if (at == due) {
            due = Long.MAX_VALUE;
            look.run();
        }
    }
}
