package io.shardmill.benchmarks;

import io.shardmill.poller.control.Replay;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;

/** A runtime under test that replays a mapping from the beginning of the stream. */
final class MappingSide implements Side {

    private final RuntimeUnderTest runtime;
    private final String mapping;
    private final Meter meter;
    private final long records;

    /** @param mapping of a mapping that is there already, or will be made by {@link #started} */
    MappingSide(RuntimeUnderTest runtime, String mapping, Meter meter, long records) {
        this.runtime = runtime;
        this.mapping = mapping;
        this.meter = meter;
        this.records = records;
    }

    /** Makes the mapping, and waits for its first pass: the warm-up. */
    MappingSide started(String stream, Batching batching) throws InterruptedException {
        meter.expect(records);
        runtime.mappings().start(EventSourceMapping.of(mapping, stream).with(batching), StartOptions.FROM_CHECKPOINTS);
        meter.awaitNanos();
        return this;
    }

    @Override
    public long passNanos() throws Exception {
        meter.expect(records);
        runtime.mappings().replay(mapping, new Replay.FromTrimHorizon()).get();
        return meter.awaitNanos();
    }
}
