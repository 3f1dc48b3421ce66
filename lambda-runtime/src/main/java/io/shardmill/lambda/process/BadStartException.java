package io.shardmill.lambda.process;

/** A function's process cannot be started because of what was deployed: the function's fault, not ours. */
final class BadStartException extends Exception {

    private static final long serialVersionUID = 1;
    private final String type;

    /** @param type Lambda's, as {@code Runtime.InvalidEntrypoint} */
    BadStartException(String type, String message) {
        super(message);
        this.type = type;
    }

    String type() {
        return type;
    }
}
