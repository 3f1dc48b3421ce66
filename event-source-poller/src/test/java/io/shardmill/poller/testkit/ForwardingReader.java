package io.shardmill.poller.testkit;

import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.OptionalLong;

/** Reads as another reader does; tests override what goes wrong. */
public class ForwardingReader implements ShardReader {

    private final ShardReader reader;

    public ForwardingReader(ShardReader reader) {
        this.reader = reader;
    }

    @Override
    public ReadResult read(int maxRecords, int maxBytes) {
        return reader.read(maxRecords, maxBytes);
    }

    @Override
    public OptionalLong recordsBehind() {
        return reader.recordsBehind();
    }

    @Override
    public OptionalLong millisBehindLatest() {
        return reader.millisBehindLatest();
    }

    @Override
    public void close() {
        reader.close();
    }
}
