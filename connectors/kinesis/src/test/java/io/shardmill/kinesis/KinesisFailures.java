package io.shardmill.kinesis;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/** Kinesis's errors, as the SDK's client throws them. */
final class KinesisFailures {

    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private KinesisFailures() {}

    static KinesisException notFound(String message) {
        return of(ResourceNotFoundException.builder(), CLIENT_ERROR, "ResourceNotFoundException", message);
    }

    static KinesisException invalid(String message) {
        return of(InvalidArgumentException.builder(), CLIENT_ERROR, "InvalidArgumentException", message);
    }

    static KinesisException expired(String message) {
        return of(ExpiredIteratorException.builder(), CLIENT_ERROR, "ExpiredIteratorException", message);
    }

    static KinesisException expiredToken() {
        return of(
                ExpiredNextTokenException.builder(),
                CLIENT_ERROR,
                "ExpiredNextTokenException",
                "The token is older than 300 seconds");
    }

    static KinesisException throttled() {
        return of(
                ProvisionedThroughputExceededException.builder(),
                CLIENT_ERROR,
                "ProvisionedThroughputExceededException",
                "Rate exceeded for the shard");
    }

    static KinesisException inUse(String message) {
        return of(ResourceInUseException.builder(), CLIENT_ERROR, "ResourceInUseException", message);
    }

    static KinesisException denied() {
        return of(AccessDeniedException.builder(), CLIENT_ERROR, "AccessDeniedException", "The action is not allowed");
    }

    /** A fault of the service, which has no type of its own in answers. */
    static KinesisException fault() {
        return of(KinesisException.builder(), SERVER_ERROR, "InternalFailure", "An internal error has occurred");
    }

    private static KinesisException of(KinesisException.Builder builder, int status, String code, String message) {
        builder.message(message);
        builder.statusCode(status);
        builder.awsErrorDetails(AwsErrorDetails.builder()
                .serviceName("Kinesis")
                .errorCode(code)
                .errorMessage(message)
                .build());
        return (KinesisException) builder.build();
    }
}
