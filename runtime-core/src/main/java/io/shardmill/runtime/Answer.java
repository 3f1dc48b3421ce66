package io.shardmill.runtime;

import io.shardmill.function.Result;
import org.jspecify.annotations.Nullable;

/**
 * What a function returned.
 *
 * @param result what it reports of its batch
 * @param state the tumbling window's new state, a JSON object; null if it returned none
 */
public record Answer(Result result, @Nullable String state) {

    private static final Answer SUCCESS = new Answer(Result.success(), null);

    /** Of a function that keeps no state. */
    public static Answer of(Result result) {
        return result instanceof Result.Success ? SUCCESS : new Answer(result, null);
    }

    /** The same with a window's new state. */
    public Answer with(String state) {
        return new Answer(result, state);
    }

    /** The state stays out of logs, as records do. */
    @Override
    public String toString() {
        return "Answer[" + result + (state == null ? "]" : ", a state]");
    }
}
