package io.shardmill.poller.testkit;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.Map;
import java.util.Optional;

/** Hands everything on to another source. */
public abstract class ForwardingSource implements StreamSource {

    private final StreamSource source;

    protected ForwardingSource(StreamSource source) {
        this.source = source;
    }

    @Override
    public String arn() {
        return source.arn();
    }

    @Override
    public StreamDescription describe() {
        return source.describe();
    }

    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        return source.starts(position);
    }

    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        return source.shardHolding(number);
    }

    @Override
    public boolean unpacks() {
        return source.unpacks();
    }

    @Override
    public Optional<Predecessor> predecessor() {
        return source.predecessor();
    }

    @Override
    public ShardReader open(String shard, Position from, Runnable wake) {
        return source.open(shard, from, wake);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return source.onChange(listener);
    }
}
