package io.shardmill.poller.monitoring;

import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A shard as it stands, for people.
 *
 * @param position where a restart would read on
 * @param iteratorAgeMillis the age of the oldest record that is not finished; 0 when caught up, empty if it is not read yet
 * @param recordsBehind how many records of the shard are not finished, at most, those of an open window not counted; empty if
 *     the stream doesn't know
 * @param millisBehindLatest how far behind its newest record the shard is read; empty if the stream doesn't know
 * @param recordsWaiting how many of them are read
 * @param caughtUp whether nothing is left: the last read reached the shard's tip, and all records are finished
 * @param window the open tumbling window, or null
 * @param problem why the shard can't be read at present, or its batches can't be invoked; or null
 */
public record ShardStatus(
        String shard,
        Position position,
        OptionalLong iteratorAgeMillis,
        OptionalLong recordsBehind,
        OptionalLong millisBehindLatest,
        long recordsWaiting,
        boolean caughtUp,
        @Nullable String problem,
        @Nullable WindowStatus window,
        List<LaneStatus> lanes) {

    /** What a lane is doing. */
    public enum Activity {
        IDLE,
        GATHERING,
        WAITING_FOR_PERMIT,
        /** Other batches have all the memory that events, or records, may take together. */
        WAITING_FOR_MEMORY,
        INVOKING,
        BACKING_OFF,
        SENDING,
        /** The invocation has passed its deadline, was interrupted, and has not returned. */
        STUCK
    }

    /**
     * One lane.
     *
     * @param since when it began to do that, a stuck one to run; or null
     * @param unfinished records read and not finished
     * @param attempt which try of the batch this is, or 0 without a batch
     * @param requestId of the batch's invocations, or null without a batch
     * @param lastError what came of the last failed attempt of this batch, or why it can't be sent to its destination; or null
     * @param nextAttempt when a batch that backs off is tried again, or null
     * @param stuckAt the line of the function's own code that a stuck invocation is in, or null
     * @param stack where a stuck invocation hangs; empty otherwise
     */
    public record LaneStatus(
            int lane,
            Activity activity,
            @Nullable Instant since,
            int unfinished,
            int attempt,
            @Nullable String requestId,
            @Nullable String lastError,
            @Nullable Instant nextAttempt,
            @Nullable String stuckAt,
            List<String> stack) {}
}
