package io.shardmill.runtime;

import java.time.Instant;

/**
 * The tumbling window an invocation belongs to (Lambda guide, "Tumbling windows"; spec 6.7).
 *
 * @param start inclusive, a multiple of the window's length since the epoch
 * @param end exclusive
 * @param state what the window's previous invocation returned, a JSON object; <code>{}</code> at the first
 * @param isFinal whether this is the window's last invocation
 * @param isTerminatedEarly whether the window ends before its time, because its state has become too large
 */
public record Window(Instant start, Instant end, String state, boolean isFinal, boolean isTerminatedEarly) {

    /** The state stays out of logs, as records do. */
    @Override
    public String toString() {
        return "Window[" + start + " to " + end + (isTerminatedEarly ? ", early" : "") + (isFinal ? ", final]" : "]");
    }
}
