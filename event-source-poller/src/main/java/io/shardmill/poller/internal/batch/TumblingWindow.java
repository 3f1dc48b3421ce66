package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.OpenWindow.Phase;
import io.shardmill.poller.event.EventSize;
import io.shardmill.runtime.Window;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tumbling windows of a lane, one after the other. A window is opened by a record, takes that record's time span and every
 * older record, and is closed by a final invocation.
 */
public final class TumblingWindow implements LaneWindow {

    /** A larger state ends the window early: 1 MB of JSON in UTF-8. */
    public static final int MAX_STATE_BYTES = 1024 * 1024;

    /**
     * How long after its end a window without new records stays open, in milliseconds. The stream's clock says when a
     * record arrived, and ours when to close: the two may differ, and a record takes a moment from its arrival to its
     * reader. Lambda waits up to two minutes, which nobody wants to watch; a record later than this opens a window anew.
     */
    public static final long GRACE_MILLIS = 5_000;

    private final long lengthMillis;
    private @Nullable OpenWindow open;
    private long stateBytes;

    TumblingWindow(Duration length, @Nullable OpenWindow open) {
        this.lengthMillis = length.toMillis();
        become(open);
    }

    private void become(@Nullable OpenWindow next) {
        open = next;
        stateBytes = EventSize.utf8(next == null ? OpenWindow.NO_STATE : next.state());
    }

    @Override
    public @Nullable OpenWindow open() {
        return open;
    }

    @Override
    public long bytesIn(EventSize event) {
        return event.window(stateBytes);
    }

    @Override
    public boolean takes(Record record, Record first) {
        return record.approximateArrivalMillis() < endFor(first);
    }

    private long endFor(Record first) {
        return open == null ? startFor(first) + lengthMillis : open.end().toEpochMilli();
    }

    private long startFor(Record record) {
        return Math.floorDiv(record.approximateArrivalMillis(), lengthMillis) * lengthMillis;
    }

    @Override
    public void begin(Record first) {
        if (open == null) {
            long start = startFor(first);
            become(new OpenWindow(
                    Instant.ofEpochMilli(start),
                    Instant.ofEpochMilli(start + lengthMillis),
                    OpenWindow.NO_STATE,
                    Phase.OPEN));
        }
    }

    @Override
    public long closesAt() {
        return open == null ? Long.MAX_VALUE : open.end().toEpochMilli() + GRACE_MILLIS;
    }

    @Override
    public long closesAt(Record first) {
        return endFor(first) + GRACE_MILLIS;
    }

    @Override
    public boolean isClosing() {
        return open != null && open.phase() != Phase.OPEN;
    }

    @Override
    public void close() {
        become(opened().with(Phase.CLOSING));
    }

    @Override
    public void keep(String state) {
        become(opened().with(state));
        if (stateBytes > MAX_STATE_BYTES) {
            open = opened().with(Phase.CLOSING_EARLY);
        }
    }

    @Override
    public void closed() {
        OpenWindow was = opened();
        become(
                was.phase() == Phase.CLOSING_EARLY
                        ? was.with(OpenWindow.NO_STATE).with(Phase.OPEN)
                        : null);
    }

    @Override
    public Window seen(boolean isFinal) {
        OpenWindow window = opened();
        return new Window(
                window.start(),
                window.end(),
                window.state(),
                isFinal,
                isFinal && window.phase() == Phase.CLOSING_EARLY);
    }

    private OpenWindow opened() {
        if (open == null) {
            throw new IllegalStateException("No window is open");
        }
        return open;
    }
}
