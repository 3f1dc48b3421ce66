package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.Lifetime;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Describes streams to users. */
final class StreamInfos {

    private StreamInfos() {}

    static StreamInfo of(LiveStream stream) {
        StreamMeta meta = stream.meta();
        Map<Integer, List<String>> children = meta.children();
        Map<Integer, ShardMeta> byIndex = new HashMap<>();
        meta.shards().forEach(shard -> byIndex.put(shard.index(), shard));
        return new StreamInfo(
                meta.name(),
                stream.arn(),
                meta.incarnation().toString(),
                meta.config(),
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

    /** Begins where the parents end: the creation second is rounded, and later than the parents' (see {@link ShardMeta}). */
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
