package io.shardmill.poller.internal.reconcile;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as it is.
 *
 * @param applied what it runs with, or will when it can
 * @param isRemoved its stored state is gone
 * @param shards what is consumed in this process, and what is not any more
 * @param failure why the store or the stream could not be reached in this pass; null if nothing failed
 */
public record Observed(
        Phase phase,
        DesiredState applied,
        boolean isRemoved,
        Shards shards,
        StreamView stream,
        @Nullable String failure) {

    /**
     * The mapping's shards.
     *
     * @param epochs under which each of the shards is consumed here
     * @param lost taken by other processes
     */
    public record Shards(Map<String, Long> epochs, LostShards lost) {

        public Shards {
            epochs = Map.copyOf(epochs);
        }

        boolean isRunning(String shard) {
            return epochs.containsKey(shard);
        }
    }

    boolean isAnythingRunning() {
        return !shards.epochs().isEmpty();
    }
}
