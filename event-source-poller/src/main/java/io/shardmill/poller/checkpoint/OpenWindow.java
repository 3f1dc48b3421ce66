package io.shardmill.poller.checkpoint;

import java.time.Instant;

/**
 * A shard's open tumbling window (spec 6.7). Saved together with the progress it belongs to: its state holds what is
 * finished of it, no more and no less.
 *
 * @param start inclusive
 * @param end exclusive: a record that arrived at this time or later belongs to a later window
 * @param state what the function returned last, a JSON object
 */
public record OpenWindow(Instant start, Instant end, String state, Phase phase) {

    /** The state of a window in which nothing was done yet. */
    public static final String NO_STATE = "{}";

    /** Whether its final invocation is due: once that is decided, no record joins the window any more. */
    public enum Phase {
        OPEN,
        /** It is over. */
        CLOSING,
        /** Its state has become too large; after the final invocation the window continues without one. */
        CLOSING_EARLY
    }

    public OpenWindow with(String state) {
        return new OpenWindow(start, end, state, phase);
    }

    public OpenWindow with(Phase phase) {
        return new OpenWindow(start, end, state, phase);
    }

    /** The state stays out of logs, as records do. */
    @Override
    public String toString() {
        return "OpenWindow[" + start + " to " + end + ", " + phase + ", " + state.length() + " characters]";
    }
}
