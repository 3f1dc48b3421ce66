package io.shardmill.poller.monitoring;

import io.shardmill.poller.event.DiscardedBatch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What failed last of a mapping: it stays when its batch is done.
 *
 * @param time when the attempt was over, or the batch was given up
 * @param requestId of the batch's invocations
 * @param attempts of the batch so far
 * @param error what came of the attempt, in the words of the log
 * @param givenUp whether the batch was given up, to the on-failure destination or without one
 */
public record LastFailure(Instant time, String shard, String requestId, int attempts, String error, boolean givenUp) {

    /** Of an attempt that failed. */
    public static LastFailure of(BatchAttempt attempt) {
        return new LastFailure(
                attempt.time(),
                attempt.shard().id(),
                attempt.attempt().requestId(),
                attempt.attempt().number(),
                attempt.outcome().describe(),
                false);
    }

    /**
     * Of a batch that was given up.
     *
     * @param before the last failure before, which says why if it is of this batch and the batch itself doesn't
     */
    public static LastFailure of(DiscardedBatch batch, @Nullable LastFailure before) {
        String requestId = batch.origin().requestId();
        DiscardedBatch.Response last = batch.response();
        String error = last == null ? null : last.description();
        if (error == null && before != null && before.requestId.equals(requestId)) {
            error = before.error;
        }
        return new LastFailure(
                batch.timestamp(),
                batch.shard().id(),
                requestId,
                batch.invokeCount(),
                error == null ? batch.condition().wireName() : error,
                true);
    }
}
