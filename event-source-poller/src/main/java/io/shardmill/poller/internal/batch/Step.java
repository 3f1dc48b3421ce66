package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.runtime.Invocation.Attempt;
import io.shardmill.runtime.InvocationOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The next step of a batch's delivery. */
public sealed interface Step {

    /** Invoke the function with these records, then call {@link BatchDelivery#completed}. */
    record Invoke(List<Record> records, Attempt attempt) implements Step {}

    /** Nothing before this time, in milliseconds since the epoch. */
    record Wait(long untilMillis) implements Step {}

    /**
     * Give these records up, then tell {@link BatchDelivery#discarded}.
     *
     * @param last what came of the last attempt, or null if it was no invocation
     */
    record Discard(
            Condition condition,
            int invokeCount,
            String requestId,
            @Nullable InvocationOutcome last,
            List<Record> records)
            implements Step {}
}
