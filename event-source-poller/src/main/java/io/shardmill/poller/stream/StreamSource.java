package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import java.util.Map;
import java.util.Optional;

/**
 * One stream as a mapping reads it. Thread-safe. All but {@link #open} may block; none is called inside a
 * shard's turn except {@link #open}, which must not.
 */
public interface StreamSource {

    /** The stream's ARN, as events and documents show it. */
    String arn();

    /** Returns what its records are to Lambda. */
    default SourceType type() {
        return SourceType.KINESIS;
    }

    /**
     * The stream's incarnation and all shards it still keeps records of, closed ones included.
     *
     * @throws StreamNotFoundException if there is no such stream (now)
     * @throws StreamUnavailableException if it can't be asked at present
     */
    StreamDescription describe();

    /**
     * Where each listed shard is begun by a mapping that sees the stream for the first time; relative
     * positions are made absolute. {@code LATEST}: open shards from their tip on, closed ones not at all.
     * {@code AT_TIMESTAMP}: shards with records at or after that time.
     *
     * @return by shard id; {@link ShardStart#SKIP} for a shard that is not read
     * @throws StreamNotFoundException if there is no such stream (now)
     * @throws StreamUnavailableException if it can't be asked at present
     */
    Map<String, ShardStart> starts(StartingPosition position);

    /**
     * The listed shard that holds, or held, this number; empty if none can.
     *
     * @throws IllegalArgumentException if several may, because each shard counts for itself
     */
    Optional<String> shardHolding(SequenceNumber number);

    /**
     * Returns whether records that a producer has packed into one are read one by one, each with a key of its own. A row may have
     * been written by a source of the same stream that returned otherwise.
     */
    default boolean unpacks() {
        return false;
    }

    /** Returns the stream as this mapping reads it. */
    default StreamSource forMapping(String mapping) {
        return this;
    }

    /** Returns the group that shares the shards among the mapping's processes; empty where the engine does. */
    default Optional<ShardGroup> group() {
        return Optional.empty();
    }

    /** Returns whether only one mapping can read it: the readers of a second one would stop those of the first. */
    default boolean isForOneMapping() {
        return false;
    }

    /**
     * Opens a reader.
     *
     * @param wake called after a {@link ReadResult.Nothing} as soon as reading again may give something
     *     else; from any thread, possibly too often, never blocking. Not called before the first read.
     */
    ShardReader open(String shardId, Position from, Runnable wake);

    /** Returns the stream that a mapping reads to its end before this one; empty for a stream that was always this one. */
    default Optional<Predecessor> predecessor() {
        return Optional.empty();
    }

    /** Calls {@code listener}, on any thread, when shards were added or the stream came or went; a source that can't tell never calls. */
    AutoCloseable onChange(Runnable listener);
}
