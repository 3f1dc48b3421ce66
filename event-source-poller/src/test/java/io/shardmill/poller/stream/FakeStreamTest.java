package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;

/** The stream that the engine's own tests read behaves like a real one. */
class FakeStreamTest extends ReshardingSourceContract {

    private final VirtualTime time = new VirtualTime();
    private final FakeStream stream = new FakeStream("orders", 2, time);

    @Override
    protected StreamSource source() {
        return stream;
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    @Override
    protected void advance(Duration step) {
        time.advance(step);
    }

    @Override
    protected SequenceNumber put(String shard, String text) {
        return stream.put(shard, "key", text).sequenceNumber();
    }

    @Override
    protected void split(String shard) {
        stream.split(shard);
    }

    @Override
    protected void merge(String first, String second) {
        stream.merge(first, second);
    }

    @Override
    protected void delete() {
        stream.delete();
    }

    @Override
    protected void createAgain() {
        stream.createAgain(2);
    }
}
