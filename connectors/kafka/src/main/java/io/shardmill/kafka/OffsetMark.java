package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Marks the offsets that are committed here, in their metadata: with the store that has the checkpoint rows, the topic's id, the
 * leader's epoch of the record before the offset, and what is finished of later records. The epoch is not committed as such: a client
 * that reads it so takes no leader of a topic that was made anew. An offset without the mark was set by an operator or another program, and one with another store's by
 * a process with checkpoints of its own. Both say more than the rows of this store.
 */
record OffsetMark(String store, String topicId) {

    private static final String FORMAT = "shardmill:1:";

    /** Brokers take 4,096 bytes of metadata, unless {@code offset.metadata.max.bytes} says otherwise. */
    private static final int MOST_AHEAD = 2_048;

    /**
     * Returns what to commit.
     *
     * @param position of the next record to read, never past one that is not finished
     * @param ahead what is finished of later records; left out where it is too long, so that they are delivered again in the worst case
     */
    OffsetAndMetadata on(LogPosition position, String ahead) {
        String epoch = position.epoch() == null ? "" : position.epoch().toString();
        String kept = ahead.length() > MOST_AHEAD ? "" : ahead;
        return new OffsetAndMetadata(position.offset(), FORMAT + String.join(":", store, topicId, epoch, kept));
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
        if (!committed.metadata().startsWith(FORMAT)) {
            return new GroupPosition(position, "");
        }
        String[] fields = fields(committed);
        boolean isOwn = fields[0].equals(store);
        return isOfTopic(fields) && !isOwn ? new GroupPosition(position, fields[3]) : null;
    }

    /**
     * Returns the place in the log that a committed offset is.
     *
     * @param committed null if the group has none
     */
    @Nullable
    LogPosition place(@Nullable OffsetAndMetadata committed) {
        if (committed == null || !committed.metadata().startsWith(FORMAT)) {
            return null;
        }
        String[] fields = fields(committed);
        return isOfTopic(fields) && fields[2].matches("[0-9]{1,9}")
                ? new LogPosition(committed.offset(), Integer.valueOf(fields[2]))
                : null;
    }

    private static String[] fields(OffsetAndMetadata marked) {
        return marked.metadata().substring(FORMAT.length()).split(":", 4);
    }

    /** A topic that was made anew has none of the records. */
    private boolean isOfTopic(String[] fields) {
        return fields.length == 4 && fields[1].equals(topicId);
    }
}
