package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Marks the offsets that are committed here, in their metadata: with the store that has the checkpoint rows, the topic's id, and what
 * is finished of later records. An offset without the mark was set by an operator or another program, and one with another store's by
 * a process with checkpoints of its own. Both say more than the rows of this store.
 */
record OffsetMark(String store, String topicId) {

    private static final String FORMAT = "shardmill:1:";

    /** Brokers take 4,096 bytes of metadata, unless {@code offset.metadata.max.bytes} says otherwise. */
    private static final int MOST_AHEAD = 2_048;

    /**
     * Returns what to commit: the next offset to read, never past a record that is not finished.
     *
     * @param ahead what is finished of later records; left out where it is too long, so that they are delivered again in the worst case
     */
    OffsetAndMetadata on(long offset, String ahead) {
        String kept = ahead.length() > MOST_AHEAD ? "" : ahead;
        return new OffsetAndMetadata(offset, FORMAT + store + ":" + topicId + ":" + kept);
    }

    /**
     * Returns where a committed offset says to begin, whatever the rows say.
     *
     * @param committed null if the group has none
     * @return null if the rows count
     */
    @Nullable
    GroupPosition position(@Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return null;
        }
        Position position = Position.at(SequenceNumber.of(committed.offset()));
        String metadata = committed.metadata();
        if (!metadata.startsWith(FORMAT)) {
            return new GroupPosition(position, "");
        }
        String[] mark = metadata.substring(FORMAT.length()).split(":", 3);
        boolean isOfTopic =
                mark.length == 3 && mark[1].equals(topicId); // one that was made anew has none of the records
        boolean isOwn = mark[0].equals(store);
        return isOfTopic && !isOwn ? new GroupPosition(position, mark[2]) : null;
    }
}
