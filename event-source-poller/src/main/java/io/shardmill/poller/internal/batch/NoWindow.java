package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.event.EventSize;
import io.shardmill.runtime.Window;
import org.jspecify.annotations.Nullable;

/** Does nothing, for lanes without tumbling windows. */
final class NoWindow implements LaneWindow {

    @Override
    public @Nullable OpenWindow open() {
        return null;
    }

    @Override
    public long bytesIn(EventSize event) {
        return 0;
    }

    @Override
    public boolean takes(Record record, Record first) {
        return true;
    }

    @Override
    public void begin(Record first) {}

    @Override
    public long closesAt() {
        return Long.MAX_VALUE;
    }

    @Override
    public long closesAt(Record first) {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isClosing() {
        return false;
    }

    @Override
    public void close() {}

    @Override
    public void keep(String state) {}

    @Override
    public void closed() {}

    @Override
    public @Nullable Window seen(boolean isFinal) {
        return null;
    }
}
