package io.shardmill.poller.stream;

import io.shardmill.function.Record;
import java.time.Duration;
import java.util.List;

/** What a read gave: a closed set; exceptions are no part of the contract. */
public sealed interface ReadResult {

    /** At least one record, in the shard's order. */
    record Records(List<Record> records) implements ReadResult {}

    /**
     * No record now; the wake-up will say when to read again.
     *
     * @param caughtUp whether this is the shard's tip, or the answer is still under way
     */
    record Nothing(boolean caughtUp) implements ReadResult {}

    /** The shard is closed and read to its end. */
    record ShardEnded() implements ReadResult {}

    /** The position is older than what the stream keeps; the reader continues from {@code next} (spec case 97). */
    record Trimmed(Position next) implements ReadResult {}

    /** The stream can't be read at present; nothing is lost, try again after a while. */
    record Unavailable(String reason, Duration retryAfter) implements ReadResult {}

    /** The stream was deleted. */
    record StreamGone() implements ReadResult {}
}
