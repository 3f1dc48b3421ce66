package io.shardmill.spring.event;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import org.jspecify.annotations.Nullable;

/**
 * A batch was given up.
 *
 * @param range which records; null if it was the final invocation of a tumbling window, which has none
 * @param attempts how often the batch was tried
 */
public record BatchDiscarded(
        String mapping, Shard shard, @Nullable Range range, DiscardedBatch.Condition condition, int attempts, Fate fate)
        implements MappingEvent {

    /**
     * Which records.
     *
     * @param count how many there are
     */
    public record Range(SequenceNumber first, SequenceNumber last, int count) {}

    /** What became of the records. */
    public enum Fate {
        /** The on-failure destination has them. */
        DELIVERED,
        /** The mapping has no destination. */
        DROPPED,
        /** The destination refused them; they are dropped. */
        REFUSED
    }

    /** Of a batch that was given up. */
    public static BatchDiscarded of(DiscardedBatch batch, Fate fate) {
        return new BatchDiscarded(
                batch.origin().mapping(),
                batch.shard(),
                batch.records().isEmpty()
                        ? null
                        : new Range(
                                batch.first().sequenceNumber(),
                                batch.last().sequenceNumber(),
                                batch.records().size()),
                batch.condition(),
                batch.invokeCount(),
                fate);
    }
}
