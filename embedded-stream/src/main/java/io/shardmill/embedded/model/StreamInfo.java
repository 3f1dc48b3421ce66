package io.shardmill.embedded.model;

import io.shardmill.function.SequenceNumber;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Describes a stream as it is now.
 *
 * @param incarnation differs for a stream that was deleted and created again under its name
 * @param consumers how many are registered
 * @param shards all that still keep records, open or closed, oldest first
 */
public record StreamInfo(
        String name, String arn, String incarnation, StreamConfig config, int consumers, List<ShardInfo> shards) {

    public StreamInfo {
        shards = List.copyOf(shards);
    }

    /** Returns the limit for data and partition key of one record together. */
    public int maxRecordBytes() {
        return config.maxRecordBytes();
    }

    public Duration retention() {
        return config.retention();
    }

    /** Returns the shards that take records, by hash key. */
    public List<ShardInfo> openShards() {
        return shards.stream()
                .filter(ShardInfo::isOpen)
                .sorted((one, other) -> one.startingHashKey().compareTo(other.startingHashKey()))
                .toList();
    }

    /**
     * Describes one shard.
     *
     * @param startingHashKey the first of its hash keys, 0 to 2^128 - 1
     * @param endingHashKey the last of its hash keys
     * @param startingSequenceNumber smaller than that of any of its records
     * @param endingSequenceNumber larger than that of any of its records; empty while it is open
     * @param parents none, the shard it was split from, or the two it was merged from; possibly no longer listed
     * @param children none while it is open, else one or two; none if the stream was closed
     */
    public record ShardInfo(
            String id,
            BigInteger startingHashKey,
            BigInteger endingHashKey,
            SequenceNumber startingSequenceNumber,
            Optional<SequenceNumber> endingSequenceNumber,
            List<String> parents,
            List<String> children,
            Lifetime lifetime) {

        public ShardInfo {
            parents = List.copyOf(parents);
            children = List.copyOf(children);
        }

        public boolean isOpen() {
            return endingSequenceNumber.isEmpty();
        }
    }

    /**
     * Says when a shard took records. A child's begins when its parents' end, and a record may be as old as that moment in
     * either.
     *
     * @param closed empty while it is open
     */
    public record Lifetime(Instant created, Optional<Instant> closed) {

        /** Returns whether the shard took records at that time. */
        public boolean includes(Instant time) {
            return !created.isAfter(time) && reaches(time);
        }

        /** Returns whether the shard took records at that time or later, or still may. */
        public boolean reaches(Instant time) {
            return closed.isEmpty() || !closed.get().isBefore(time);
        }
    }
}
