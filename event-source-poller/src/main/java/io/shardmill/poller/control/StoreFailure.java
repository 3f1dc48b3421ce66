package io.shardmill.poller.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint store that fails.
 *
 * @param problem what can't be done
 * @param since when the first call was due that has failed, or has not returned
 */
record StoreFailure(String problem, Instant since, String reason) {

    static @Nullable StoreFailure earliest(@Nullable StoreFailure one, @Nullable StoreFailure other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.since().isBefore(one.since()) ? other : one;
    }

    String describe() {
        return problem + " since " + since + ": " + reason;
    }
}
