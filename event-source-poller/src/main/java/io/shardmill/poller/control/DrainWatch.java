package io.shardmill.poller.control;

import io.shardmill.poller.shard.ShardConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when everything that was in a stream is finished. Goes in rounds: all consumers are asked, and
 * when all have answered and no consumer has come or gone meanwhile, the round is a success for whoever
 * waited when it began. Touched only inside the mapping's turns.
 */
final class DrainWatch {

    private final Supplier<@Nullable Map<String, ShardConsumer>> look;
    private final Consumer<Runnable> post;
    private final Consumer<Runnable> postLater;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    private List<CompletableFuture<Void>> inRound = List.of();
    private Map<String, ShardConsumer> asked = Map.of();
    private final Set<String> unanswered = new HashSet<>();
    private boolean going;
    private int round;
    private @Nullable RuntimeException end;

    /**
     * @param look looks at the stream anew, and says who consumes it now; null if not all of it can be consumed
     * @param post runs something in a later turn of the mapping
     * @param postLater the same, after a while
     */
    DrainWatch(
            Supplier<@Nullable Map<String, ShardConsumer>> look,
            Consumer<Runnable> post,
            Consumer<Runnable> postLater) {
        this.look = look;
        this.post = post;
        this.postLater = postLater;
    }

    void add(CompletableFuture<Void> drained) {
        if (end != null) {
            drained.completeExceptionally(end);
            return;
        }
        waiting.add(drained);
        if (!going) {
            begin();
        }
    }

    /** Nothing will be finished any more: who waits, now or later, is told so. */
    void end(RuntimeException reason) {
        end = reason;
        going = false;
        waiting.forEach(drained -> drained.completeExceptionally(reason));
        waiting.clear();
    }

    private void begin() {
        going = true;
        round++;
        inRound = new ArrayList<>(waiting);
        unanswered.clear();
        Map<String, ShardConsumer> consumers = look.get();
        if (consumers == null) {
            going = false;
            again(postLater);
            return;
        }
        asked = new HashMap<>(consumers);
        unanswered.addAll(asked.keySet());
        int thisRound = round;
        asked.forEach((shard, consumer) -> consumer.whenDrained(() -> post.accept(() -> answered(thisRound, shard))));
        finishIfAnswered();
    }

    private void answered(int round, String shard) {
        if (going && round == this.round) {
            unanswered.remove(shard);
            finishIfAnswered();
        }
    }

    /** A consumer is over: it won't answer. */
    void over(String shard) {
        if (going && unanswered.remove(shard)) {
            finishIfAnswered();
        }
    }

    private void finishIfAnswered() {
        if (!unanswered.isEmpty()) {
            return;
        }
        going = false;
        if (asked.equals(look.get())) {
            inRound.forEach(drained -> drained.complete(null));
        }
        again(post);
    }

    private void again(Consumer<Runnable> when) {
        waiting.removeIf(CompletableFuture::isDone);
        if (!waiting.isEmpty()) {
            when.accept(() -> {
                if (!going && !waiting.isEmpty()) {
                    begin();
                }
            });
        }
    }
}
