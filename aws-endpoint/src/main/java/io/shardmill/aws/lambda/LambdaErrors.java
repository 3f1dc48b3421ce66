package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.lambda.DeploymentException;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.control.ConfiguredMappingException;
import io.shardmill.poller.control.MappingConflictException;
import io.shardmill.poller.control.MappingInUseException;
import io.shardmill.poller.control.UnknownMappingException;
import io.shardmill.poller.stream.StreamUnavailableException;
import io.shardmill.runtime.UnusableFunctionException;

/** Lambda's errors (spec 10.1 and 10.2), and those that exceptions of other rooms are answered by. */
final class LambdaErrors {

    static final String TOO_LARGE = "RequestTooLargeException";

    private LambdaErrors() {}

    static AwsException invalid(String message) {
        return new AwsException(400, "InvalidParameterValueException", message);
    }

    static AwsException notFound(String message) {
        return new AwsException(404, "ResourceNotFoundException", message);
    }

    static AwsException mappingNotFound() {
        return notFound("The resource you requested does not exist.");
    }

    static AwsException conflict(String message) {
        return new AwsException(409, "ResourceConflictException", message);
    }

    /** @param reason Lambda's {@code Reason} of the throttle */
    static AwsException tooMany(String message, String reason) {
        return new AwsException(new AwsError(429, "TooManyRequestsException", message, reason));
    }

    static AwsException invalidContent(String message) {
        return new AwsException(400, "InvalidRequestContentException", message);
    }

    static AwsException preconditionFailed(String message) {
        return new AwsException(412, "PreconditionFailedException", message);
    }

    static AwsException tooLarge(int maxBytes, String operation) {
        return new AwsException(
                413,
                TOO_LARGE,
                "Request must be smaller than " + maxBytes + " bytes for the " + operation + " operation");
    }

    static AwsException service(String message) {
        return new AwsException(500, "ServiceException", message);
    }

    /** Returns the error that a failure is answered by; a {@code ServiceException} is this process's own fault. */
    static AwsError of(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof AwsException refused) {
            return refused.error();
        } else if (failure instanceof DeploymentException refused) {
            return of(refused, message).error();
        } else if (failure instanceof UnknownMappingException) {
            return mappingNotFound().error();
        } else if (failure instanceof MappingConflictException || failure instanceof ConfiguredMappingException) {
            return conflict(message).error();
        } else if (failure instanceof MappingInUseException) {
            return new AwsError(
                    400, "ResourceInUseException", "Cannot update the event source mapping because it is in use.");
        } else if (failure instanceof UnusableFunctionException) {
            return invalid("Function does not exist").error();
        } else if (failure instanceof IllegalArgumentException) {
            return invalid(message).error();
        }
        if (failure instanceof CheckpointStoreException || failure instanceof StreamUnavailableException) {
            return service(message).error();
        }
        return service("An error occurred and the request cannot be processed.").error();
    }

    private static AwsException of(DeploymentException refused, String message) {
        return switch (refused.kind()) {
            case INVALID -> invalid(message);
            case MISSING -> notFound(message);
            case CONFLICT -> conflict(message);
        };
    }
}
