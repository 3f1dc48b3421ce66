package io.shardmill.function;

import java.util.Objects;

/**
 * What a function makes of its {@link TimeWindow}: the window's new state, and which records failed, if any did. Throwing
 * fails the whole batch and leaves the state as it was.
 *
 * @param state written as JSON, where it must be an object: a record or bean, or a map. What the final invocation
 *     returns is not used any more
 * @param result as of a function without windows. If records failed, those before the first of them are done and not
 *     delivered again, so the state has to hold these and no others; if that is the very first record, the state is not kept
 */
public record WindowResult<S>(S state, Result result) {

    public WindowResult {
        Objects.requireNonNull(state, "state: a function of a tumbling window returns one at every invocation");
        Objects.requireNonNull(result, "result");
    }

    /** All records are done. */
    public static <S> WindowResult<S> of(S state) {
        return new WindowResult<>(state, Result.success());
    }

    /** The records before {@code record} are done and in the state; it and all after it are delivered again. */
    public static <S> WindowResult<S> failedFrom(S state, Record record) {
        return new WindowResult<>(state, Result.failedFrom(record));
    }

    /** The records before {@code index} (from 0) are done and in the state; it and all after it are delivered again. */
    public static <S> WindowResult<S> failedFrom(S state, int index) {
        return new WindowResult<>(state, Result.failedFrom(index));
    }

    /** The state stays out of logs, as records do. */
    @Override
    public String toString() {
        return "WindowResult[" + result + "]";
    }
}
