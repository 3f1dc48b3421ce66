package io.shardmill.lambda.process;

/** Thrown when a function's process cannot be started because of what was deployed. */
final class InvalidEntrypointException extends Exception {

    private static final long serialVersionUID = 1;
    private final String type;

    /** @param type Lambda's, as {@code Runtime.InvalidEntrypoint} */
    InvalidEntrypointException(String type, String message) {
        super(message, null, false, false);
        this.type = type;
    }

    String type() {
        return type;
    }
}
