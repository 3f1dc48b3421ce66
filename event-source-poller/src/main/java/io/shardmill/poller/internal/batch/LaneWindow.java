package io.shardmill.poller.internal.batch;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.runtime.Window;
import org.jspecify.annotations.Nullable;

/** The tumbling window of a lane (Lambda guide, "Tumbling windows"; spec 6.7). */
public interface LaneWindow {

    /** The window of a lane whose mapping has none: takes every record, and is never open. */
    LaneWindow NONE = new NoWindow();

    /**
     * Returns a lane's window.
     *
     * @param open as a previous run left it; it keeps its bounds, whatever the length is now
     */
    static LaneWindow of(Batching batching, @Nullable OpenWindow open) {
        return batching.hasTumblingWindow() ? new TumblingWindow(batching.tumblingWindow(), open) : NONE;
    }

    /** Returns the window that a checkpoint stores; null if none is open. */
    @Nullable
    OpenWindow open();

    /** Returns the bytes that it adds to the next invocation's event. */
    long bytesIn(EventSize event);

    /** Returns whether the record belongs to the open window; or, if none is open, to the one that {@code first} opens. */
    boolean takes(Record record, Record first);

    /** Opens a window if none is open: records of a batch are to be invoked, of which this is the first. */
    void begin(Record first);

    /** Returns when to close it if nothing new has come; the end of time if none is open. */
    long closesAt();

    /** Returns when to close the window that the record belongs to, if it is the first that is waiting. */
    long closesAt(Record first);

    /** Returns whether its final invocation is due. */
    boolean isClosing();

    /** Makes the final invocation due. */
    void close();

    /** Keeps what the function made of records that are done. A state too large makes the final invocation due. */
    void keep(String state);

    /** Ends the window: its final invocation is done or given up. A window that was ended early continues without a state. */
    void closed();

    /** Returns the window as an invocation sees it; null without one. */
    @Nullable
    Window seen(boolean isFinal);
}
