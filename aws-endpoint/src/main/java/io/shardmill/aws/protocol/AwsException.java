package io.shardmill.aws.protocol;

import org.jspecify.annotations.Nullable;

/** Ends a request with an error. Has no stack trace: the client's mistake is no fault of this process. */
public final class AwsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient AwsError error;

    public AwsException(AwsError error) {
        this(error, null);
    }

    /**
     * Ends a request with an error.
     *
     * @param cause the exception that the error stands for
     */
    public AwsException(AwsError error, @Nullable Throwable cause) {
        super(error.message(), cause, false, false);
        this.error = error;
    }

    public AwsException(int status, String code, String message) {
        this(new AwsError(status, code, message));
    }

    /** Returns the error of a member that breaks the API model. */
    public static AwsException validation(String message) {
        return new AwsException(400, "ValidationException", message);
    }

    /** Returns the error of a body that can't be read, or a member of another type. */
    public static AwsException serialization(String message) {
        return new AwsException(400, "SerializationException", message);
    }

    public AwsError error() {
        return error;
    }
}
