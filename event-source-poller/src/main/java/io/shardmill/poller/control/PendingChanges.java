package io.shardmill.poller.control;

import io.shardmill.poller.internal.reconcile.DesiredState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Changes that were accepted and whose callers wait until the mapping runs as they say. Touched only inside the mapping's turns. */
final class PendingChanges {

    private record Pending(long version, CompletableFuture<Void> done) {}

    private final List<Pending> all = new ArrayList<>();
    private @Nullable RuntimeException end;

    void add(long version, CompletableFuture<Void> done) {
        if (end != null) {
            done.completeExceptionally(end);
        } else {
            all.add(new Pending(version, done));
        }
    }

    /** Completes what is carried out when the mapping runs with {@code applied}. */
    void settle(DesiredState applied) {
        take(change -> change.version() <= applied.version() && change.version() != applied.pendingReplayId())
                .forEach(change -> change.done().complete(null));
    }

    /** Completes all of them. */
    void settleAll() {
        take(change -> true).forEach(change -> change.done().complete(null));
    }

    void fail(long version, RuntimeException reason) {
        take(change -> change.version() == version)
                .forEach(change -> change.done().completeExceptionally(reason));
    }

    /** What was accepted after {@code version} is not stored any more. */
    void forget(long version) {
        IllegalStateException lost = new IllegalStateException(
                "The database was restored from a state that lacks the change; it was not carried out everywhere");
        take(change -> change.version() > version)
                .forEach(change -> change.done().completeExceptionally(lost));
    }

    /** Nothing will be carried out any more: who waits, now or later, is failed. */
    void end(RuntimeException reason) {
        end = reason;
        take(change -> true).forEach(change -> change.done().completeExceptionally(reason));
    }

    private List<Pending> take(Predicate<Pending> taken) {
        List<Pending> some = all.stream().filter(taken).toList();
        all.removeAll(some);
        return some;
    }
}
