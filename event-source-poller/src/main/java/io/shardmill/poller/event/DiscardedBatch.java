package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Window;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch that was given up, as an on-failure destination gets it (Lambda guide, "Retaining discarded
 * batch records"; spec 7).
 *
 * @param place which shard it is of, and in which window
 * @param invokeCount attempts of this batch: retries + 1 when those ran out
 * @param response what the last attempt answered, or null if the last outcome was no invocation
 * @param records what was given up, in order, all of one shard; none if it was a window's final invocation
 * @param timestamp when it was given up
 */
public record DiscardedBatch(
        Origin origin,
        Place place,
        Condition condition,
        int invokeCount,
        @Nullable Response response,
        List<Record> records,
        Instant timestamp) {

    /** A batch of at least one record, outside of any window. */
    public DiscardedBatch(
            Origin origin,
            Condition condition,
            int invokeCount,
            @Nullable Response response,
            List<Record> records,
            Instant timestamp) {
        this(origin, new Place(records.get(0).shard(), null), condition, invokeCount, response, records, timestamp);
    }

    /**
     * Where the batch belongs.
     *
     * @param requestId the request id of the batch's last attempts
     * @param format of the source, whose documents name the batch
     */
    public record Origin(String mapping, String requestId, String functionArn, EventFormat format) {}

    /**
     * Where in the stream it was.
     *
     * @param window the tumbling window it was invoked in, or null
     */
    public record Place(Shard shard, @Nullable Window window) {}

    /** The reason why it was given up, as Lambda names it. */
    public enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        RECORD_AGE_EXCEEDED("RecordAgeExceeded"),
        /** Of a Kafka record whose event never fit; one of another source runs out of retries instead. */
        MAXIMUM_PAYLOAD_SIZE_EXCEEDED("MaximumPayloadSizeExceeded");

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
     * @param description what went wrong, in a line for people; null if that is not known
     */
    public record Response(
            String executedVersion,
            @Nullable String functionError,
            @Nullable String description) {

        /** Without a description. */
        public Response(String executedVersion, @Nullable String functionError) {
            this(executedVersion, functionError, null);
        }
    }

    public DiscardedBatch {
        records = List.copyOf(records);
    }

    public Shard shard() {
        return place.shard();
    }

    /** Returns the same for each of its records alone, in order; for itself if it has none. */
    public List<DiscardedBatch> ofEachRecord() {
        return records.isEmpty()
                ? List.of(this)
                : records.stream()
                        .map(record -> new DiscardedBatch(
                                origin, place, condition, invokeCount, response, List.of(record), timestamp))
                        .toList();
    }

    /** Describes the batch in a few words for people, without its content. */
    public String describe() {
        if (records.isEmpty()) {
            return "the final invocation of " + place.window() + " of " + shard();
        }
        return records.size() == 1
                ? "record " + first().sequenceNumber() + " of " + shard()
                : records.size() + " records from " + first().sequenceNumber() + " to " + last().sequenceNumber()
                        + " of " + shard();
    }

    /** The first record, if there is any. */
    public Record first() {
        return records.get(0);
    }

    /** The last record, if there is any. */
    public Record last() {
        return records.get(records.size() - 1);
    }
}
