package io.shardmill.poller.control;

/** There is no such mapping. */
public final class UnknownMappingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    UnknownMappingException(String message) {
        super(message);
    }
}
