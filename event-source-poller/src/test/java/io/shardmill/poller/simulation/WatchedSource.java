package io.shardmill.poller.simulation;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.Map;
import java.util.Optional;

/** The stream as one process reads it; the oracle sees what is read. */
record WatchedSource(SimulatedProcess process, EventSourceMapping mapping, SimulatedWorld world)
        implements StreamSource {

    @Override
    public String arn() {
        return world.stream.arn();
    }

    @Override
    public StreamDescription describe() {
        return world.stream.describe();
    }

    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        return world.stream.starts(position);
    }

    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        return world.stream.shardHolding(number);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return world.stream.onChange(listener);
    }

    @Override
    public ShardReader open(String shard, Position from, Runnable wake) {
        world.oracle.opened(process, mapping, shard, from, world.time.millis());
        ShardReader reader = world.stream.open(shard, from, wake);
        return new ShardReader() {
            @Override
            public ReadResult read(int maxRecords, int maxBytes) {
                ReadResult result = reader.read(maxRecords, maxBytes);
                if (result instanceof ReadResult.Records read) {
                    world.oracle.read(process, shard, read.records());
                }
                return result;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
