package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch that was given up: what an on-failure destination is told (Lambda guide, "Retaining discarded
 * batch records"; spec 7).
 *
 * @param invokeCount attempts of this batch: retries + 1 when those ran out
 * @param response what the last attempt answered, or null if the last outcome was no invocation
 * @param records what was given up, in order; at least one, all of one shard
 * @param timestamp when it was given up
 */
public record DiscardedBatch(
        Origin origin,
        Condition condition,
        int invokeCount,
        @Nullable Response response,
        List<Record> records,
        Instant timestamp) {

    /**
     * Where the batch belongs.
     *
     * @param requestId the request id of the batch's last attempts
     */
    public record Origin(String mapping, String requestId, String functionArn, String streamArn) {}

    /** Why it was given up, as Lambda names it. */
    public enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        RECORD_AGE_EXCEEDED("RecordAgeExceeded");

        private final String wireName;

        Condition(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /**
     * The last attempt's answer.
     *
     * @param functionError {@code Unhandled}, or null if the failure was only reported through batch item failures
     */
    public record Response(String executedVersion, @Nullable String functionError) {}

    public DiscardedBatch {
        records = List.copyOf(records);
    }

    public Shard shard() {
        return first().shard();
    }

    public Record first() {
        return records.get(0);
    }

    public Record last() {
        return records.get(records.size() - 1);
    }
}
