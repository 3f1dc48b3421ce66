package io.shardmill.lambda.deploy;

/** Code that can't be deployed, or changed so; the message says what is wrong with which file, and what to do. */
public final class DeploymentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** The code, or a setting. */
        INVALID,
        /** There is no such function, version or alias. */
        MISSING,
        /** What there is does not allow it. */
        CONFLICT
    }

    private final Kind kind;

    DeploymentException(String message) {
        super(message);
        this.kind = Kind.INVALID;
    }

    DeploymentException(String message, Throwable cause) {
        super(message, cause);
        this.kind = Kind.INVALID;
    }

    DeploymentException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
