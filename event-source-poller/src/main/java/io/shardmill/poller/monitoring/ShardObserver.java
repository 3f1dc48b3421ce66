package io.shardmill.poller.monitoring;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.stream.Position;

/**
 * Observes a mapping's shards, for logs, metrics and events. Called by many threads, inside turns: must neither block nor
 * throw. All methods do nothing by default.
 */
public interface ShardObserver {

    /** A consumer of the shard begins to read. */
    default void started(Shard shard, Position from) {}

    /** This process, which shares shards with other processes, has taken this one, before it is {@link #started}. */
    default void acquired(Shard shard, Acquisition acquisition) {}

    /** Another process came first: this one could not take the shard. */
    default void contended(Shard shard) {}

    /** The shard was stopped for another process: nothing of it runs here any more, and it is released. */
    default void handedOver(Shard shard) {}

    /** A read gave this many records; 0 for an empty one. */
    default void polled(Shard shard, int records) {}

    /** The filters left out this many of the records that were read; 0 if all match. Not called without filters. */
    default void filteredOut(Shard shard, int records) {}

    /** The filters can't judge a record; it is delivered. */
    default void unfilterable(Record record, Throwable fault) {}

    /** A batch with records is handed to the function. {@code iteratorAgeMillis}: the age of its last record. */
    default void invoking(Shard shard, int records, long iteratorAgeMillis) {}

    /** A batch that a previous run has tried is retried with its first records only: there was no memory to read the others. */
    default void cutShort(Shard shard, int lane, int records) {}

    /** An attempt is over. */
    default void attempted(BatchAttempt attempt) {}

    /** Records are finished by a successful invocation. */
    default void acknowledged(Shard shard, int records) {}

    /** A batch is given up and dropped: the mapping has no destination. */
    default void dropped(DiscardedBatch batch) {}

    /** The destination took a batch that was given up. */
    default void delivered(DiscardedBatch batch) {}

    /** The destination refused a batch that was given up; its records are dropped. */
    default void destinationRefused(DiscardedBatch batch, Throwable failure) {}

    /** A batch that was given up could not be sent for a fault of Shardmill's; it is sent again. */
    default void notSent(Shard shard, int lane, DiscardedBatch batch, String reason) {}

    /** An invocation or a send has passed its deadline, was interrupted, and still runs. */
    default void stuck(Shard shard, int lane, Thread thread) {}

    /** A stuck call has returned. */
    default void unstuck(Shard shard, int lane) {}

    /** The position was older than the stream keeps: the records between are gone (spec case 97). */
    default void trimmed(Shard shard, Position next) {}

    /** The shard can't be read at present. Once until it can again. */
    default void unavailable(Shard shard, String reason) {}

    /** The shard is closed and everything of it is finished. */
    default void ended(Shard shard) {}

    /** Another process took the shard; its consumer stops. */
    default void lost(Shard shard) {}

    /**
     * Another process may take the shard although an invocation of it still runs here: it was asked for too long ago. The
     * invocation's records are delivered again.
     */
    default void leftRunning(Shard shard) {}

    /** A fault of the engine's own stopped the shard's consumer; it will be started again. */
    default void crashed(Shard shard, Throwable fault) {}
}
