package io.shardmill.benchmarks;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A stream that shows what its readers answer. */
record WatchedSource(StreamSource source, Consumer<ReadResult> watcher) implements StreamSource {

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        ShardReader reader = source.open(shardId, from, wake);
        return new ShardReader() {
            @Override
            public ReadResult read(int maxRecords, int maxBytes) {
                ReadResult result = reader.read(maxRecords, maxBytes);
                watcher.accept(result);
                return result;
            }

            @Override
            public OptionalLong recordsBehind() {
                return reader.recordsBehind();
            }

            @Override
            public void close() {
                reader.close();
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
    public AutoCloseable onChange(Runnable listener) {
        return source.onChange(listener);
    }
}
