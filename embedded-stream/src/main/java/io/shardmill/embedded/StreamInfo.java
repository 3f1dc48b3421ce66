package io.shardmill.embedded;

import io.shardmill.function.SequenceNumber;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream is like now.
 *
 * @param incarnation differs for a stream that was deleted and created again under its name
 * @param maxRecordBytes data and partition key of one record together
 * @param shards all that still keep records, open or closed, oldest first
 */
public record StreamInfo(
        String name, String arn, String incarnation, int maxRecordBytes, Duration retention, List<ShardInfo> shards) {

    public StreamInfo {
        shards = List.copyOf(shards);
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
            List<String> children) {

        public ShardInfo {
            parents = List.copyOf(parents);
            children = List.copyOf(children);
        }

        public boolean isOpen() {
            return endingSequenceNumber.isEmpty();
        }
    }

    static StreamInfo of(LiveStream stream) {
        StreamMeta meta = stream.meta();
        Map<Integer, List<String>> children = meta.children();
        return new StreamInfo(
                meta.name(),
                stream.arn(),
                meta.incarnation(),
                meta.maxRecordBytes(),
                meta.retention(),
                meta.shards().stream()
                        .map(shard -> infoOf(shard, children.getOrDefault(shard.index(), List.of())))
                        .toList());
    }

    private static ShardInfo infoOf(ShardMeta shard, List<String> children) {
        SequenceNumbers numbers = shard.numbers();
        return new ShardInfo(
                shard.id(),
                shard.range().start().toBigInteger(),
                shard.range().end().toBigInteger(),
                numbers.number(0, shard.createdSecond() * 1000),
                Optional.ofNullable(shard.closing())
                        .map(closing -> numbers.number(closing.counter(), closing.millis())),
                shard.parentIds(),
                children);
    }
}
