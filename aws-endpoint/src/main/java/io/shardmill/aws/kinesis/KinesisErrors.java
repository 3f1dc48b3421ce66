package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;

/** Kinesis's errors, which all have status 400. */
final class KinesisErrors {

    private KinesisErrors() {}

    static AwsException of(String code, String message) {
        return new AwsException(400, code, message);
    }

    static AwsException invalidArgument(String message) {
        return of("InvalidArgumentException", message);
    }

    static AwsException notFound(String message) {
        return of("ResourceNotFoundException", message);
    }

    static AwsException inUse(String message) {
        return of("ResourceInUseException", message);
    }

    static AwsException limitExceeded(String message) {
        return of("LimitExceededException", message);
    }

    static AwsException throughputExceeded(String message) {
        return of("ProvisionedThroughputExceededException", message);
    }
}
