package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import java.util.Map;
import java.util.Optional;

/** A stream that has come in place of another one. */
public record MovedStream(StreamSource source, Predecessor moved) implements StreamSource {

    @Override
    public Optional<Predecessor> predecessor() {
        return Optional.of(moved);
    }

    /** Watches the predecessor, too. */
    @Override
    public AutoCloseable onChange(Runnable listener) {
        AutoCloseable before = moved.source().onChange(listener);
        AutoCloseable own = source.onChange(listener);
        return () -> {
            try (before) {
                own.close();
            }
        };
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
    public ShardReader open(String shardId, Position from, Runnable wake) {
        return source.open(shardId, from, wake);
    }
}
