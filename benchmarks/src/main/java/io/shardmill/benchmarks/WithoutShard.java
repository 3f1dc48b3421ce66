package io.shardmill.benchmarks;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A stream of which one shard is not listed. */
record WithoutShard(StreamSource source, String hidden) implements StreamSource {

    @Override
    public String arn() {
        return source.arn();
    }

    @Override
    public StreamDescription describe() {
        StreamDescription all = source.describe();
        return new StreamDescription(
                all.incarnation(),
                all.shards().stream()
                        .filter(shard -> !shard.id().equals(hidden))
                        .toList());
    }

    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        Map<String, ShardStart> starts = new LinkedHashMap<>(source.starts(position));
        starts.remove(hidden);
        return starts;
    }

    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        return source.shardHolding(number);
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        return source.open(shardId, from, wake);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return source.onChange(listener);
    }
}
