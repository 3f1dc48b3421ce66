package io.shardmill.runtime;

import io.shardmill.function.Result;
import org.jspecify.annotations.Nullable;

/**
 * What a function returned.
 *
 * @param result what it reports of its batch
 * @param state the tumbling window's new state, a JSON object; null if it returned none
 * @param executedVersion {@code $LATEST}, or the number of the published version that ran
 */
public record Answer(Result result, @Nullable String state, String executedVersion) {

    /** The version of what was deployed last, as Lambda names it. */
    public static final String LATEST = "$LATEST";

    private static final Answer SUCCESS = new Answer(Result.success(), null);

    /** Of {@code $LATEST}, which is all there is of a function without versions. */
    public Answer(Result result, @Nullable String state) {
        this(result, state, LATEST);
    }

    /** Of a function that keeps no state. */
    public static Answer of(Result result) {
        return result instanceof Result.Success ? SUCCESS : new Answer(result, null);
    }

    /** The same with a window's new state. */
    public Answer with(String state) {
        return new Answer(result, state, executedVersion);
    }

    /** The same of another version. */
    public Answer executedBy(String version) {
        return new Answer(result, state, version);
    }

    /** The state stays out of logs, as records do. */
    @Override
    public String toString() {
        return "Answer[" + result + (state == null ? "]" : ", a state]");
    }
}
