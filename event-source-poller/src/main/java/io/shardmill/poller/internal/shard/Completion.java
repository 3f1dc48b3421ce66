package io.shardmill.poller.internal.shard;

/**
 * How a call that was given a receiver ends: here, with its outcome, or later, when the receiver gets the outcome.
 *
 * <p>A call completes exactly once. One that returns {@link Here}, or throws, never calls its receiver; one that returns
 * {@link Later} calls it once, on any thread, perhaps before it returns. Until then whatever the call uses stays in use.
 *
 * @param <T> the outcome
 */
public sealed interface Completion<T> {

    /** The call has ended. */
    record Here<T>(T outcome) implements Completion<T> {}

    /** The receiver gets the outcome when the call has ended. */
    record Later<T>() implements Completion<T> {

        private static final Later<?> INSTANCE = new Later<>();
    }

    static <T> Completion<T> here(T outcome) {
        return new Here<>(outcome);
    }

    /** Allocates nothing: a call that is under way must not fail for lack of memory. */
    @SuppressWarnings("unchecked") // it holds no T
    static <T> Completion<T> later() {
        return (Completion<T>) Later.INSTANCE;
    }
}
