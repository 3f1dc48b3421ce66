package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.ShardConsumer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out when everything that was in a stream is finished. It only observes, in rounds: all consumers are asked, and when
 * all have answered, none has come or gone meanwhile, and the stream has no other shard with anything left, the round is a
 * success for who waited when it began. Touched only inside the mapping's turns.
 */
final class DrainWatch {

    /** Observes a mapping. */
    interface Observation {

        /** Returns the consumers by shard; null while the mapping doesn't run as was accepted. */
        @Nullable
        Map<String, ShardConsumer> consumers();

        /**
         * Looks at the stream and the rows anew, and returns whether all is finished if these shards are. May block.
         *
         * @throws RuntimeException if that can't be found out now
         */
        boolean isDrained(Set<String> drained);
    }

    private static final Logger LOG = LoggerFactory.getLogger(DrainWatch.class);

    private final Observation observation;
    private final Consumer<Runnable> post;
    private final Consumer<Runnable> postLater;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    private List<CompletableFuture<Void>> inRound = List.of();
    private Map<String, ShardConsumer> asked = Map.of();
    private final Set<String> unanswered = new HashSet<>();
    private boolean isInRound;
    private int round;
    private @Nullable RuntimeException end;

    /**
     * @param post runs a command in a later turn of the mapping
     * @param postLater the same, after a while
     */
    DrainWatch(Observation observation, Consumer<Runnable> post, Consumer<Runnable> postLater) {
        this.observation = observation;
        this.post = post;
        this.postLater = postLater;
    }

    void add(CompletableFuture<Void> drained) {
        if (end != null) {
            drained.completeExceptionally(end);
            return;
        }
        waiting.add(drained);
        if (!isInRound) {
            begin();
        }
    }

    /** Fails who waits, now or later: nothing will be finished any more. */
    void end(RuntimeException reason) {
        end = reason;
        isInRound = false;
        waiting.forEach(drained -> drained.completeExceptionally(reason));
        waiting.clear();
    }

    /** Begins a round, or begins it anew, if a pass of the mapping has changed what there is to ask. */
    void passed() {
        if (!isInRound || !asked.equals(observation.consumers())) {
            begin();
        }
    }

    private void begin() {
        isInRound = false;
        waiting.removeIf(CompletableFuture::isDone);
        Map<String, ShardConsumer> consumers = observation.consumers();
        if (waiting.isEmpty() || consumers == null) {
            return; // the next pass asks again
        }
        isInRound = true;
        round++;
        inRound = new ArrayList<>(waiting);
        asked = consumers;
        unanswered.clear();
        unanswered.addAll(asked.keySet());
        int thisRound = round;
        asked.forEach((shard, consumer) -> consumer.whenDrained(() -> post.accept(() -> answered(thisRound, shard))));
        finishIfAnswered();
    }

    private void answered(int round, String shard) {
        if (isInRound && round == this.round) {
            unanswered.remove(shard);
            finishIfAnswered();
        }
    }

    private void finishIfAnswered() {
        if (!unanswered.isEmpty()) {
            return;
        }
        isInRound = false;
        if (asked.equals(observation.consumers()) && isDrained()) {
            inRound.forEach(drained -> drained.complete(null));
            begin();
        } else {
            postLater.accept(this::beginAgain);
        }
    }

    private void beginAgain() {
        if (!isInRound) {
            begin();
        }
    }

    private boolean isDrained() {
        try {
            return observation.isDrained(asked.keySet());
        } catch (RuntimeException unreachable) {
            LOG.debug("Whether a stream is drained can't be found out now", unreachable);
            return false;
        }
    }
}
