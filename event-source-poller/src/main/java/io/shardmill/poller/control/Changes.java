package io.shardmill.poller.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes changes of a mapping one after the other: each begins when the one before is done or has failed. */
final class Changes {

    /** Begins in a turn of the mapping, and is over when {@code done} is completed, in that turn or a later one. */
    interface Change {
        void begin(CompletableFuture<Void> done);
    }

    private final Consumer<Runnable> post;
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** @param post runs something in a later turn of the mapping */
    Changes(Consumer<Runnable> post) {
        this.post = post;
    }

    /** From any thread; the future tells when the change is made, or why it can't be. */
    CompletableFuture<Void> submit(Change change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable begin = () -> {
            CompletableFuture<Void> unused = done.whenComplete((nothing, failure) -> post.accept(this::next));
            failing(done, () -> change.begin(done));
        };
        post.accept(() -> {
            waiting.add(begin);
            if (waiting.size() == 1) {
                begin.run();
            }
        });
        return done.copy();
    }

    private void next() {
        waiting.remove();
        if (!waiting.isEmpty()) {
            waiting.element().run();
        }
    }

    /** What {@code body} throws fails the future. */
    static void failing(CompletableFuture<?> future, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | Error failure) {
            future.completeExceptionally(failure);
        }
    }
}
