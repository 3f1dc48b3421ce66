package io.shardmill.function;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One invocation in a tumbling window: some of a shard's records, and what the window's invocations before have made of
 * theirs (Lambda guide, "Tumbling windows"). A bean of the type {@code Function<TimeWindow<S>, WindowResult<S>>} needs a
 * mapping with a {@code tumbling-window}. Each window ends with a final invocation, which has no records.
 *
 * @param records unmodifiable; none in the final invocation
 * @param state what the invocation before returned; null if there was none, or it was an empty JSON object. Read anew
 *     from JSON for each invocation, so it may be changed
 * @param start of the window, inclusive
 * @param end of the window, exclusive
 * @param isFinal whether this is the window's last invocation
 * @param isTerminatedEarly whether this final invocation comes before the window's end, because the state has become
 *     larger than 1 MB; the window then continues without a state
 */
public record TimeWindow<S>(
        List<Record> records,
        @Nullable S state,
        Instant start,
        Instant end,
        boolean isFinal,
        boolean isTerminatedEarly) {

    public TimeWindow {
        records = List.copyOf(records);
    }

    /** The state, or this one if there is none yet. */
    public S stateOr(S none) {
        return Optional.ofNullable(state).orElse(none);
    }

    /** The state stays out of logs, as records do. */
    @Override
    public String toString() {
        return "TimeWindow[" + start + " to " + end + ", " + records.size() + " records" + (isFinal ? ", final]" : "]");
    }
}
