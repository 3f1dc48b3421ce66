package io.shardmill.benchmarks;

import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A stream of which one shard is not listed. */
final class WithoutShard extends ForwardingSource {

    private final String hidden;

    WithoutShard(StreamSource source, String hidden) {
        super(source);
        this.hidden = hidden;
    }

    @Override
    public StreamDescription describe() {
        StreamDescription all = super.describe();
        return new StreamDescription(
                all.incarnation(),
                all.shards().stream()
                        .filter(shard -> !shard.id().equals(hidden))
                        .toList());
    }

    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        Map<String, ShardStart> starts = new LinkedHashMap<>(super.starts(position));
        starts.remove(hidden);
        return starts;
    }
}
