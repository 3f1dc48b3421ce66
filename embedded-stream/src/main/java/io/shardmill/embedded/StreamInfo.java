package io.shardmill.embedded;

import io.shardmill.function.SequenceNumber;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a stream is like now.
 *
 * @param incarnation differs for a stream that was deleted and created again under its name
 * @param consumers how many are registered
 * @param shards all that still keep records, open or closed, oldest first
 */
public record StreamInfo(
        String name, String arn, String incarnation, StreamTraits traits, int consumers, List<ShardInfo> shards) {

    public StreamInfo {
        shards = List.copyOf(shards);
    }

    /** Data and partition key of one record together. */
    public int maxRecordBytes() {
        return traits.maxRecordBytes();
    }

    public Duration retention() {
        return traits.retention();
    }

    /** The shards that take records, by hash key. */
    public List<ShardInfo> openShards() {
        return shards.stream()
                .filter(ShardInfo::isOpen)
                .sorted((one, other) -> one.startingHashKey().compareTo(other.startingHashKey()))
                .toList();
    }

    /**
     * One shard.
     *
     * @param startingHashKey the first of its hash keys, 0 to 2^128 - 1
     * @param endingHashKey the last of its hash keys
     * @param startingSequenceNumber smaller than that of any of its records
     * @param endingSequenceNumber larger than that of any of its records; empty while it is open
     * @param parents none, the shard it was split from, or the two it was merged from; possibly no longer listed
     * @param children none while it is open, else one or two
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
     * When a shard took records. A child's begins when its parents' end, and a record may be as old as that moment in
     * either.
     *
     * @param closed empty while it is open
     */
    public record Lifetime(Instant created, Optional<Instant> closed) {

        /** Whether the shard took records at that time. */
        public boolean includes(Instant time) {
            return !created.isAfter(time) && reaches(time);
        }

        /** Whether the shard took records at that time or later, or may still. */
        public boolean reaches(Instant time) {
            return closed.isEmpty() || !closed.get().isBefore(time);
        }
    }

    static StreamInfo of(LiveStream stream) {
        StreamMeta meta = stream.meta();
        Map<Integer, List<String>> children = meta.children();
        Map<Integer, ShardMeta> byIndex = new HashMap<>();
        meta.shards().forEach(shard -> byIndex.put(shard.index(), shard));
        return new StreamInfo(
                meta.name(),
                stream.arn(),
                meta.incarnation().toString(),
                meta.traits(),
                meta.consumers().size(),
                meta.shards().stream()
                        .map(shard -> infoOf(shard, byIndex, children.getOrDefault(shard.index(), List.of())))
                        .toList());
    }

    private static ShardInfo infoOf(ShardMeta shard, Map<Integer, ShardMeta> byIndex, List<String> children) {
        SequenceNumbers numbers = shard.numbers();
        return new ShardInfo(
                shard.id(),
                shard.range().start().toBigInteger(),
                shard.range().end().toBigInteger(),
                numbers.number(0, shard.createdSecond() * 1000),
                Optional.ofNullable(shard.closing())
                        .map(closing -> numbers.number(closing.counter(), closing.millis())),
                shard.parentIds(),
                children,
                lifetimeOf(shard, byIndex));
    }

    /** The creation second alone would do if it weren't rounded, and later than the parents' (see {@link ShardMeta}). */
    private static Lifetime lifetimeOf(ShardMeta shard, Map<Integer, ShardMeta> byIndex) {
        long created = shard.parents().stream()
                .map(byIndex::get)
                .filter(Objects::nonNull)
                .map(ShardMeta::closing)
                .filter(Objects::nonNull)
                .mapToLong(ShardMeta.Closing::millis)
                .max()
                .orElse(shard.createdSecond() * 1000);
        return new Lifetime(
                Instant.ofEpochMilli(created),
                Optional.ofNullable(shard.closing()).map(closing -> Instant.ofEpochMilli(closing.millis())));
    }
}
