package io.shardmill.poller.control;

/** The mapping can't be changed at present: it is being deleted, or a change before this one is to be carried out first. */
public final class MappingInUseException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    MappingInUseException(String message) {
        super(message);
    }
}
