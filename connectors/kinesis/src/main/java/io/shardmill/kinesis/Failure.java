package io.shardmill.kinesis;

import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/**
 * Why Kinesis did not do what it was asked for.
 *
 * @param code as Kinesis names it, or the name of what was thrown here
 * @param reason for people; says what to do where that is known
 */
record Failure(Kind kind, String code, String reason) {

    enum Kind {
        /** Too much is asked for; later it will be answered. */
        THROTTLED,
        /** The iterator is older than five minutes. */
        EXPIRED,
        /** There is no such stream, consumer or shard. */
        NOT_FOUND,
        /** A subscription was made less than five seconds before, or the stream or consumer is being created. */
        IN_USE,
        /** It may not be asked, or not for this: nobody but a person changes that. */
        REFUSED,
        /** A fault of the service or of the network. */
        FAULT
    }

    private static final int SERVER_ERROR = 500;

    /** The SDK counts its own; readers and the writer try again. */
    private static final String ATTEMPTS = " (SDK Attempt Count: 1)";

    /** What follows lists all that the SDK has asked for credentials, and what each has said. */
    private static final String CHAIN = " in the chain ";

    static Failure of(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return new Failure(kind(cause), code(cause), reason(cause));
    }

    private static Kind kind(Throwable cause) {
        if (cause instanceof ExpiredIteratorException) {
            return Kind.EXPIRED;
        }
        if (cause instanceof ResourceNotFoundException) {
            return Kind.NOT_FOUND;
        }
        if (cause instanceof ResourceInUseException) {
            return Kind.IN_USE;
        }
        if (cause instanceof ProvisionedThroughputExceededException || cause instanceof LimitExceededException) {
            return Kind.THROTTLED;
        }
        if (cause instanceof AwsServiceException service) {
            if (service.isThrottlingException()) {
                return Kind.THROTTLED;
            }
            return service.statusCode() >= SERVER_ERROR ? Kind.FAULT : Kind.REFUSED;
        }
        return Kind.FAULT;
    }

    private static String code(Throwable cause) {
        return cause instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? String.valueOf(service.awsErrorDetails().errorCode())
                : cause.getClass().getSimpleName();
    }

    private static String reason(Throwable cause) {
        if (cause instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            String code = code(cause);
            String advice = code.endsWith("AccessDeniedException")
                    ? "; allow the action in the policy of the role or user"
                    : "";
            return code + ": " + service.awsErrorDetails().errorMessage() + advice;
        }
        String message = String.valueOf(cause.getMessage()).replace(ATTEMPTS, "");
        int chain = message.indexOf(CHAIN);
        message = chain < 0 ? message : message.substring(0, chain);
        return message.contains("credentials")
                ? message + "; set AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the stream's profile"
                : message;
    }
}
