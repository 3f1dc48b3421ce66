package io.shardmill.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far a partition's log was read. By the epoch, its leader knows whether the log still has what was read.
 *
 * @param offset after the last record that was read
 * @param epoch of the leader that wrote this record
 */
record LogPosition(long offset, int epoch) {

    /** Returns where a consumer seeks to that asks the leader about it. */
    OffsetAndMetadata toSeek() {
        return new OffsetAndMetadata(offset, Optional.of(epoch), "");
    }
}
