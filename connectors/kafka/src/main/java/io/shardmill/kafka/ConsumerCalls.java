package io.shardmill.kafka;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of a consumer beside polls. */
final class ConsumerCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerCalls.class);

    /** How long the polling thread may wait for an answer: nothing is polled meanwhile. */
    static final Duration TIMEOUT = Duration.ofSeconds(1);

    private ConsumerCalls() {}

    /** Calls again after a wake-up that came too late for the poll it was meant for: it ends the next call. */
    static <T> T unlessWoken(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException late) {
                LOG.trace("Woken", late);
            }
        }
    }
}
