package io.shardmill.poller.destination;

import io.shardmill.poller.event.DiscardedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one WARN line for each discarded batch: which records, and why; never what is in them. */
final class LogDestination implements OnFailureDestination {

    private static final Logger LOG = LoggerFactory.getLogger(LogDestination.class);

    @Override
    public void send(DiscardedBatch batch) {
        LOG.warn(
                "Mapping {} gave up {}: {} after {} attempt(s), request id {}",
                batch.origin().mapping(),
                batch.describe(),
                batch.condition().wireName(),
                batch.invokeCount(),
                batch.origin().requestId());
    }
}
