package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.SourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the retries of a mapping as Lambda does for Kafka alone: without a limit of its own, but with a destination, a batch is
 * given up after 10 (Lambda guide, "Configuring error handling controls for Kafka event sources"; spec 1.1). The mapping shows
 * what it was given.
 */
final class RetryLimit {

    static final int OF_KAFKA = 10;

    private static final Logger LOG = LoggerFactory.getLogger(RetryLimit.class);

    private RetryLimit() {}

    /** Returns the mapping as it is to be carried out on a source of this type. */
    static EventSourceMapping applied(EventSourceMapping mapping, SourceType type) {
        return applies(mapping.failureHandling(), type)
                ? mapping.with(mapping.failureHandling().withMaximumRetryAttempts(OF_KAFKA))
                : mapping;
    }

    private static boolean applies(FailureHandling rules, SourceType type) {
        return type instanceof SourceType.Kafka
                && rules.maximumRetryAttempts() == FailureHandling.UNLIMITED
                && rules.destination() != null;
    }

    /** Logs that the limit applies, when a mapping is started. */
    static void announce(EventSourceMapping mapping, SourceType type) {
        if (applies(mapping.failureHandling(), type)) {
            LOG.info(
                    "Mapping '{}' has maximum-retry-attempts -1 and an on-failure destination: as its source is Kafka, a batch is"
                            + " given up after {} retries, as on Lambda. Set maximum-retry-attempts to choose another limit",
                    mapping.label(),
                    OF_KAFKA);
        }
    }
}
