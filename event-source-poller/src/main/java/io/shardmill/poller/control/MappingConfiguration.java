package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Instant;
import java.util.UUID;

/**
 * What Lambda's API answers about a mapping (spec 1.2 and 1.3).
 *
 * @param lastModified when it was created, changed, paused or resumed; of a configured one, when it was started, if
 *     that was later
 * @param lastProcessingResult in Lambda's words. Counted from the start of this process: it is not kept.
 */
public record MappingConfiguration(
        EventSourceMapping mapping, Origin origin, State state, Instant lastModified, String lastProcessingResult) {

    /** Where a mapping is defined. */
    public enum Origin {
        /** In the application's configuration or code, which is where it is changed. */
        CONFIGURED,
        /** In the database: it was created at run time. */
        STORED
    }

    public UUID uuid() {
        return EventSourceMapping.uuidOf(mapping.name());
    }

    /** Lambda's {@code StateTransitionReason} for streams. */
    public String stateTransitionReason() {
        return "User action";
    }

    MappingConfiguration in(State state) {
        return new MappingConfiguration(mapping, origin, state, lastModified, lastProcessingResult);
    }
}
