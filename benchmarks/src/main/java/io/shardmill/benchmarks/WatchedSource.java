package io.shardmill.benchmarks;

import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A stream that shows what its readers answer. */
final class WatchedSource extends ForwardingSource {

    private final Consumer<ReadResult> watcher;

    WatchedSource(StreamSource source, Consumer<ReadResult> watcher) {
        super(source);
        this.watcher = watcher;
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        ShardReader reader = super.open(shardId, from, wake);
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
}
