package io.shardmill.poller.mapping;

/** What Lambda's control API answers to a request that it refuses, with AWS's words where they are known (spec 10.1). */
public final class LambdaErrorException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** Lambda's names of errors, and their HTTP status. */
    public enum LambdaError {
        InvalidParameterValueException(400),
        ValidationException(400),
        SerializationException(400),
        ResourceInUseException(400),
        ResourceNotFoundException(404),
        ResourceConflictException(409),
        ServiceException(500);

        private final int status;

        LambdaError(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final LambdaError error;

    public LambdaErrorException(LambdaError error, String message) {
        super(message);
        this.error = error;
    }

    /** @param cause what was wrong in our own words */
    public LambdaErrorException(LambdaError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public LambdaError error() {
        return error;
    }
}
