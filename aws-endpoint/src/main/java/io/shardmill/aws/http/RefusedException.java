package io.shardmill.aws.http;

/** A request is not let through. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    RefusedException(int status, String code, String message) {
        super(message, null, false, false);
        this.refusal = new Refusal(status, code, message);
    }

    Refusal refusal() {
        return refusal;
    }
}
