package io.shardmill.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A place in a partition's log.
 *
 * @param offset of the next record
 * @param epoch of the leader that wrote what is before it, by which a log that has lost that is known; null if it is not known
 */
record LogPosition(long offset, @Nullable Integer epoch) {

    /** A place of which nothing more is known. */
    static LogPosition at(long offset) {
        return new LogPosition(offset, null);
    }

    static LogPosition of(OffsetAndMetadata next) {
        return new LogPosition(next.offset(), next.leaderEpoch().orElse(null));
    }

    /** Returns where a consumer seeks to; it asks first whether the log still has what is before it. */
    OffsetAndMetadata sought() {
        return new OffsetAndMetadata(offset, Optional.ofNullable(epoch), "");
    }
}
