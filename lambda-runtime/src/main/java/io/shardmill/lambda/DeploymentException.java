package io.shardmill.lambda;

/** Thrown when a deployment is refused; the message names the property or file, the rule and the fix. */
public final class DeploymentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Classifies the refusal. */
    public enum Kind {
        /** The code, or a setting. */
        INVALID,
        /** The function, version or alias does not exist. */
        MISSING,
        /** The present state does not allow it. */
        CONFLICT
    }

    private final Kind kind;

    public DeploymentException(String message) {
        super(message);
        this.kind = Kind.INVALID;
    }

    public DeploymentException(String message, Throwable cause) {
        super(message, cause);
        this.kind = Kind.INVALID;
    }

    public DeploymentException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
