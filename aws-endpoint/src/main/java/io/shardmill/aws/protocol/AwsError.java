package io.shardmill.aws.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An error as AWS's services answer it.
 *
 * @param status of HTTP
 * @param code AWS's name of the error, such as {@code ResourceNotFoundException}
 * @param message what is wrong, in AWS's words where they are known
 * @param reason Lambda's {@code Reason} of a throttle; null for all other errors
 */
public record AwsError(
        int status, String code, String message, @Nullable String reason) {

    public AwsError(int status, String code, String message) {
        this(status, code, message, null);
    }
}
