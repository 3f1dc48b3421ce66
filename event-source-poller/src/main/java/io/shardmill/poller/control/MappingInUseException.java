package io.shardmill.poller.control;

/** Thrown when a mapping can't be changed at present: it is being deleted, or an earlier change must be carried out first. */
public final class MappingInUseException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    MappingInUseException(String message) {
        super(message);
    }
}
