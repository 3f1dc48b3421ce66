package io.shardmill.lambda.deploy;

/** Code that can't be deployed; the message says what is wrong with which file, and what to do. */
public final class DeploymentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DeploymentException(String message) {
        super(message);
    }

    DeploymentException(String message, Throwable cause) {
        super(message, cause);
    }
}
