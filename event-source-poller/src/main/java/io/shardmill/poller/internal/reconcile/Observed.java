package io.shardmill.poller.internal.reconcile;

import io.shardmill.poller.assignment.Share;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as it is.
 *
 * @param applied what it runs with, or will when it can
 * @param isRemoved its stored state is gone
 * @param shards what is consumed in this process, what is not any more, and what should be
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
     * @param stopped the epochs of shards that are not consumed any more and still owned
     * @param share what this process is to consume, and what other processes do
     */
    public record Shards(Map<String, Long> epochs, Map<String, Long> stopped, Share share) {

        public Shards {
            epochs = Map.copyOf(epochs);
            stopped = Map.copyOf(stopped);
        }

        /** Returns whether other processes wait for shards that this one has stopped. */
        boolean isToBeReleased() {
            return !stopped.isEmpty() && share.isShared();
        }

        /** Returns whether other processes are to have a shard that this one owns and does not consume: stopped, crashed, or never begun. */
        boolean isHandOverDue() {
            return share.handOver().stream().anyMatch(shard -> stopped.containsKey(shard) || !isRunning(shard));
        }

        boolean isRunning(String shard) {
            return epochs.containsKey(shard);
        }
    }

    boolean isAnythingRunning() {
        return !shards.epochs().isEmpty();
    }
}
