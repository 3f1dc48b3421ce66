package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The port to Lambda's view of one kind of source: how its records look to functions, filters and destinations.
 * Implementations are immutable, and may be used by any thread.
 */
public interface EventFormat {

    /** Returns the ARN of the source, as events and destinations show it. */
    String sourceArn();

    /** Returns the format for another source, whose ARN this is. */
    EventFormat withSource(String arn);

    /**
     * Returns the event of an invocation, which is built each time it is written.
     *
     * @param window the tumbling window that the batch belongs to, or null
     */
    Payload event(Shard shard, List<Record> records, @Nullable Window window);

    /** Returns how large the events of a shard are. */
    EventSize eventSize(String shardId);

    /** Returns what filter patterns see of the source's records. */
    RecordFields filterFields();

    /** Returns why a record is given up whose event exceeds {@link EventSize#MAX_EVENT_BYTES} at each attempt (spec 3.8). */
    default DiscardedBatch.Condition tooLarge() {
        return DiscardedBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED;
    }

    /** Writes the member of an invocation record that names a discarded batch (spec 7.2 and 7.5). */
    void writeBatchInfo(JsonGenerator json, DiscardedBatch batch);
}
