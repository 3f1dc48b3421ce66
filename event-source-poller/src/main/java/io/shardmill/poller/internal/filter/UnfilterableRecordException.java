package io.shardmill.poller.internal.filter;

/** Whether a record matches can't be said within the bounds of a filter; the message quotes nothing of it. */
public final class UnfilterableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnfilterableRecordException(String problem) {
        super(problem);
    }
}
