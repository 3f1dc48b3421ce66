package io.shardmill.poller.control;

/** Thrown for a mapping that this process doesn't have. */
public final class UnknownMappingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    UnknownMappingException(String message) {
        super(message);
    }
}
