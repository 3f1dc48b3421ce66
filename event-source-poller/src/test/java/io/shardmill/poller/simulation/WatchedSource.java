package io.shardmill.poller.simulation;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.testkit.ForwardingReader;
import java.time.Duration;

/** The stream as one process reads it; the oracle sees what is read. */
final class WatchedSource extends ForwardingSource {

    private final SimulatedProcess process;
    private final EventSourceMapping mapping;
    private final SimulatedWorld world;

    WatchedSource(SimulatedProcess process, EventSourceMapping mapping, SimulatedWorld world) {
        super(world.stream);
        this.process = process;
        this.mapping = mapping;
        this.world = world;
    }

    @Override
    public ShardReader open(String shard, Position from, Runnable wake) {
        world.oracle.opened(process, mapping, shard, from, world.time.millis());
        return new ForwardingReader(super.open(shard, from, wake)) {
            @Override
            public ReadResult read(int maxRecords, int maxBytes) {
                if (world.trouble.strikes(world.trouble.hinderedReads)) {
                    return hindered(wake);
                }
                ReadResult result = super.read(maxRecords, maxBytes);
                if (result instanceof ReadResult.Records read) {
                    world.oracle.read(process, shard, read.records());
                }
                return result;
            }
        };
    }

    /** The answer is still under way, or the stream is throttled. */
    private ReadResult hindered(Runnable wake) {
        int millis = 1 + world.random.nextInt(300);
        if (world.random.nextBoolean()) {
            return new ReadResult.Unavailable("throttled", Duration.ofMillis(millis));
        }
        process.after(millis, wake);
        return new ReadResult.Nothing(false);
    }
}
