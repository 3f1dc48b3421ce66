package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Instant;

/** What a mapping is told to be. */
record Told(EventSourceMapping mapping, boolean enabled, Instant lastModified) {

    Told enabled(boolean enabled, Instant now) {
        return new Told(mapping, enabled, now);
    }
}
