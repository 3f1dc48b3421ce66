package io.shardmill.function;

/** A stream refused a record; nothing was written. */
public final class PutRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String errorCode;

    public PutRejectedException(PutResult.Rejected rejection) {
        super(rejection.errorCode() + ": " + rejection.message());
        this.errorCode = rejection.errorCode();
    }

    /** As Kinesis names it, such as {@code InvalidArgumentException}. */
    public String errorCode() {
        return errorCode;
    }
}
