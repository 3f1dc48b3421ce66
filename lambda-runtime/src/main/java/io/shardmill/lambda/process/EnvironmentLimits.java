package io.shardmill.lambda.process;

import java.time.Duration;

/**
 * Limits a function's execution environments.
 *
 * @param maximum an invocation that finds all of them busy is throttled
 * @param idleTime how long an unused one is kept
 * @param initTimeout how long one may take to start before that is tried again within its first invocation
 */
record EnvironmentLimits(int maximum, Duration idleTime, Duration initTimeout) {

    /** Lambda's limits: the concurrency of an account, which its functions share there, and 10 s to start. */
    static final EnvironmentLimits LAMBDA = new EnvironmentLimits(1_000, Duration.ofMinutes(5), Duration.ofSeconds(10));
}
