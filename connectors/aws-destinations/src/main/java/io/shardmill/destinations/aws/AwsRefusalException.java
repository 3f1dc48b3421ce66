package io.shardmill.destinations.aws;

import io.shardmill.runtime.DescribedFault;
import java.io.IOException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Thrown when a destination did not take a batch; what the service itself says may name users, its error code does not. */
final class AwsRefusalException extends IOException implements DescribedFault {

    private static final long serialVersionUID = 1;

    private final String code;

    AwsRefusalException(String destination, SdkException refused) {
        super(destination + ": " + refused.getMessage(), refused);
        AwsErrorDetails details = refused instanceof AwsServiceException service ? service.awsErrorDetails() : null;
        this.code = details == null
                ? String.valueOf(getMessage())
                : destination + ": " + details.errorCode() + " (status "
                        + details.sdkHttpResponse().statusCode() + ")";
    }

    @Override
    public String describe(boolean showsPayloads) {
        return showsPayloads ? String.valueOf(getMessage()) : code;
    }
}
