package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
import io.shardmill.poller.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Marks the offsets that are committed here, in their metadata: with the id of the mapping's checkpoint rows, the topic's id, how far
 * its log was read, and what is finished of later records. The leader's epoch is not committed as such: a client that reads it so takes
 * no leader of a topic that was made anew. An offset without the mark was set by an operator or another program, and one of other rows
 * by a process with checkpoints of its own, or under another name.
 */
record OffsetMark(String rows, String topicId) {

    private static final String FORMAT = "shardmill:1:";
    private static final String READ = "[0-9]{1,18}@[0-9]{1,9}";

    /** Brokers take 4,096 bytes of metadata, unless {@code offset.metadata.max.bytes} says otherwise. */
    private static final int MOST_AHEAD = 2_048;

    /**
     * Returns what to commit.
     *
     * @param offset the next to read, never past a record that is not finished
     * @param read how far the log was read; null if that is not known
     * @param ahead what is finished of later records; left out where it is too long, so that they are delivered again in the worst case
     */
    OffsetAndMetadata on(long offset, @Nullable LogPosition read, String ahead) {
        String readText = read == null ? "" : read.offset() + "@" + read.epoch();
        String kept = ahead.length() > MOST_AHEAD ? "" : ahead;
        return new OffsetAndMetadata(offset, FORMAT + String.join(":", rows, topicId, readText, kept));
    }

    /**
     * Returns where a committed offset says to begin.
     *
     * @param committed null if the group has none
     * @return null if it says nothing of this topic
     */
    @Nullable
    GroupPosition position(@Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return null;
        }
        Position position = Position.at(SequenceNumber.of(committed.offset()));
        if (!committed.metadata().startsWith(FORMAT)) {
            return new GroupPosition(Origin.ELSEWHERE, position, "");
        }
        String[] fields = fields(committed);
        Origin origin = fields[0].equals(rows) ? Origin.SAME_ROWS : Origin.ELSEWHERE;
        return isOfTopic(fields) ? new GroupPosition(origin, position, fields[3]) : null;
    }

    /**
     * Returns how far the log was read when the offset was committed; null if it doesn't tell.
     *
     * @param committed null if the group has none
     */
    @Nullable
    LogPosition read(@Nullable OffsetAndMetadata committed) {
        if (committed == null || !committed.metadata().startsWith(FORMAT)) {
            return null;
        }
        String[] fields = fields(committed);
        if (!isOfTopic(fields) || !fields[2].matches(READ)) {
            return null;
        }
        String[] read = fields[2].split("@", 2);
        return new LogPosition(Long.parseLong(read[0]), Integer.parseInt(read[1]));
    }

    private static String[] fields(OffsetAndMetadata marked) {
        return marked.metadata().substring(FORMAT.length()).split(":", 4);
    }

    /** A topic that was made anew has none of the records. */
    private boolean isOfTopic(String[] fields) {
        return fields.length == 4 && fields[1].equals(topicId);
    }
}
