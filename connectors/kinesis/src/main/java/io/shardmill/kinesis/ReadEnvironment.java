package io.shardmill.kinesis;

import java.time.InstantSource;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * What all readers share.
 *
 * @param clock never goes back
 * @param backoff how long to wait before a failed request is made again
 */
record ReadEnvironment(
        InstantSource clock,
        Timer timer,
        BackoffStrategy backoff,
        ReadAhead readAhead,
        ShardQuotas quotas,
        ReadObserver observer) {

    long millis() {
        return clock.millis();
    }
}
