package io.shardmill.poller.control;

/** A mapping of the application's configuration can't be changed for good at run time; the message says where it is configured. */
public final class ConfiguredMappingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    ConfiguredMappingException(String message) {
        super(message);
    }
}
