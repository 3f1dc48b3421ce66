package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Marks the offsets that are committed here, in their metadata: with the store that has the checkpoint rows, and the topic's id. An
 * offset without the mark was set by an operator or another program, and one with another store's by a process with checkpoints of
 * its own. Both say more than the rows of this store.
 */
record OffsetMark(String store, String topicId) {

    private static final String FORMAT = "shardmill:1:";

    /** Returns what to commit: the next offset to read, never past a record that is not finished. */
    OffsetAndMetadata on(long offset) {
        return new OffsetAndMetadata(offset, text());
    }

    private String text() {
        return FORMAT + store + ":" + topicId;
    }

    /**
     * Returns where a committed offset says to begin, whatever the rows say.
     *
     * @param committed null if the group has none
     * @return null if the rows count
     */
    @Nullable
    Position position(@Nullable OffsetAndMetadata committed) {
        if (committed == null || committed.metadata().equals(text()) || isOfAnotherTopic(committed.metadata())) {
            return null;
        }
        return Position.at(SequenceNumber.of(committed.offset()));
    }

    /** A topic that was made anew has none of the records. */
    private boolean isOfAnotherTopic(String metadata) {
        return metadata.startsWith(FORMAT) && !metadata.endsWith(":" + topicId);
    }
}
