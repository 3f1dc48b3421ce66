package io.shardmill.poller.internal.batch;

import io.github.resilience4j.core.IntervalFunction;

/** Calculates the delay before the next attempt, in milliseconds; the engine does the waiting. */
final class Backoff {

    private static final long FIRST_MILLIS = 200;

    /** 200 ms doubling to 60 s between identical attempts (spec 6.3; the cap is ours: Lambda's is not known). */
    private static final IntervalFunction AFTER_FAILURE =
            IntervalFunction.ofExponentialBackoff(FIRST_MILLIS, 2, 60_000);

    /** 200 ms doubling to 5 s while a batch can't be invoked at all: capacity may come back at any time. */
    private static final IntervalFunction AFTER_REFUSAL = IntervalFunction.ofExponentialBackoff(FIRST_MILLIS, 2, 5_000);

    private Backoff() {}

    /** After the given number of failed attempts of a batch, 1 or more. */
    static long afterFailure(int attempts) {
        return AFTER_FAILURE.apply(attempts);
    }

    /** After the batch was refused this many times in a row, 1 or more. */
    static long afterRefusal(int refusals) {
        return AFTER_REFUSAL.apply(refusals);
    }
}
