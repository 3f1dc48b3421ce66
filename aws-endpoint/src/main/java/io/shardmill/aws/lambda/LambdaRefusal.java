package io.shardmill.aws.lambda;

import org.jspecify.annotations.Nullable;

/** A request that is answered with one of Lambda's errors (spec 10.1 and 10.2). */
final class LambdaRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    static final String TOO_LARGE = "RequestTooLargeException";

    private final int status;
    private final String code;
    private final @Nullable String reason;

    private LambdaRefusal(int status, String code, String message, @Nullable String reason) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.reason = reason;
    }

    static LambdaRefusal of(int status, String code, String message) {
        return new LambdaRefusal(status, code, message, null);
    }

    static LambdaRefusal invalid(String message) {
        return of(400, "InvalidParameterValueException", message);
    }

    /** A broken constraint on a single member, in AWS's words. */
    static LambdaRefusal constraint(String member, @Nullable Object value, String rule) {
        String shown = value == null ? "null" : "'" + value + "'";
        return of(
                400,
                "ValidationException",
                "1 validation error detected: Value " + shown + " at '" + member
                        + "' failed to satisfy constraint: Member must " + rule);
    }

    static LambdaRefusal unreadable(String message) {
        return of(400, "SerializationException", message);
    }

    static LambdaRefusal notFound(String message) {
        return of(404, "ResourceNotFoundException", message);
    }

    static LambdaRefusal conflict(String message) {
        return of(409, "ResourceConflictException", message);
    }

    static LambdaRefusal tooMany(String message, String reason) {
        return new LambdaRefusal(429, "TooManyRequestsException", message, reason);
    }

    static LambdaRefusal tooLarge(int maxBytes, String operation) {
        return of(
                413,
                TOO_LARGE,
                "Request must be smaller than " + maxBytes + " bytes for the " + operation + " operation");
    }

    static LambdaRefusal service(String message) {
        return of(500, "ServiceException", message);
    }

    int status() {
        return status;
    }

    /** AWS's name of the error. */
    String code() {
        return code;
    }

    /** Lambda's {@code Reason} of a throttle, or null. */
    @Nullable
    String reason() {
        return reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
