package io.shardmill.poller.batch;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.OpenWindow.Phase;
import io.shardmill.poller.event.EventSize;
import io.shardmill.runtime.Window;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tumbling window of a lane (Lambda guide, "Tumbling windows"; spec 6.7). A window is opened by a record, takes
 * that record's time span and every older record, and is closed by a final invocation.
 */
public final class LaneWindow {

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

    /** @param open as an earlier life left it; it keeps its bounds, whatever the length is now */
    public LaneWindow(Duration length, @Nullable OpenWindow open) {
        this.lengthMillis = length.toMillis();
        become(open);
    }

    private void become(@Nullable OpenWindow next) {
        open = next;
        stateBytes = EventSize.utf8(next == null ? OpenWindow.NO_STATE : next.state());
    }

    /** What a checkpoint has to say of it; null if none is open. */
    public @Nullable OpenWindow open() {
        return open;
    }

    /** The size of the state that the next invocation gets, as JSON in UTF-8. */
    public long stateBytes() {
        return stateBytes;
    }

    /** Whether the record belongs to the open window; or, if none is open, to the one that {@code first} opens. */
    public boolean takes(Record record, Record first) {
        return record.approximateArrivalMillis() < endFor(first);
    }

    private long endFor(Record first) {
        return open == null ? startFor(first) + lengthMillis : open.end().toEpochMilli();
    }

    private long startFor(Record record) {
        return Math.floorDiv(record.approximateArrivalMillis(), lengthMillis) * lengthMillis;
    }

    /** Records of a batch are to be invoked, the first of which opens a window if none is open. */
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

    /** When to close it if nothing new has come; the end of time if none is open. */
    public long closesAt() {
        return open == null ? Long.MAX_VALUE : open.end().toEpochMilli() + GRACE_MILLIS;
    }

    /** When to close the window that the record belongs to, if it is the first that is waiting. */
    long closesAt(Record first) {
        return endFor(first) + GRACE_MILLIS;
    }

    /** Whether its final invocation is due. */
    public boolean isClosing() {
        return open != null && open.phase() != Phase.OPEN;
    }

    /** It is over: the final invocation is next. */
    public void close() {
        become(opened().with(Phase.CLOSING));
    }

    /** Records of it are done, and this is what the function made of them. A state too large makes the final invocation due. */
    public void keep(String state) {
        become(opened().with(state));
        if (stateBytes > MAX_STATE_BYTES) {
            open = opened().with(Phase.CLOSING_EARLY);
        }
    }

    /** The final invocation is done or given up. A window that was ended early goes on without a state. */
    public void closed() {
        OpenWindow was = opened();
        become(
                was.phase() == Phase.CLOSING_EARLY
                        ? was.with(OpenWindow.NO_STATE).with(Phase.OPEN)
                        : null);
    }

    /** As an invocation sees it. */
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
