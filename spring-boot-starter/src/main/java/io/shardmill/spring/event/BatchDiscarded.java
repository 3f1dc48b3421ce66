package io.shardmill.spring.event;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;

/**
 * A batch was given up.
 *
 * @param range which records
 * @param attempts how often the batch was tried
 */
public record BatchDiscarded(
        String mapping, Shard shard, Range range, DiscardedBatch.Condition condition, int attempts, Fate fate)
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
                batch.first().shard(),
                new Range(
                        batch.first().sequenceNumber(),
                        batch.last().sequenceNumber(),
                        batch.records().size()),
                batch.condition(),
                batch.invokeCount(),
                fate);
    }
}
