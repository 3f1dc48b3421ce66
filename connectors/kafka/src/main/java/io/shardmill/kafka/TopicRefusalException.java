package io.shardmill.kafka;

import io.shardmill.runtime.DescribedFault;
import java.io.IOException;

/** Thrown when a topic never takes a record; neither the client nor the broker quotes records in what they say. */
final class TopicRefusalException extends IOException implements DescribedFault {

    private static final long serialVersionUID = 1;

    TopicRefusalException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String describe(boolean showsPayloads) {
        return String.valueOf(getMessage());
    }
}
