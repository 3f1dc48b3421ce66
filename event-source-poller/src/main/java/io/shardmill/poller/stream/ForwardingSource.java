package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import java.util.Map;
import java.util.Optional;

/** Forwards everything to another source; a subclass changes some of it. As thread-safe as that source is. */
public abstract class ForwardingSource implements StreamSource {

    private final StreamSource source;

    protected ForwardingSource(StreamSource source) {
        this.source = source;
    }

    protected final StreamSource source() {
        return source;
    }

    @Override
    public String arn() {
        return source.arn();
    }

    @Override
    public SourceType type() {
        return source.type();
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
    public Optional<ShardGroup> group() {
        return source.group();
    }

    @Override
    public boolean isForOneMapping() {
        return source.isForOneMapping();
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
