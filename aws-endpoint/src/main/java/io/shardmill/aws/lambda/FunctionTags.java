package io.shardmill.aws.lambda;

import java.util.Map;

/** Lambda's rule for tags. */
final class FunctionTags {

    private static final int MOST = 50;

    private FunctionTags() {}

    /** @throws io.shardmill.aws.protocol.AwsException if they are more than a resource can have */
    static Map<String, String> checked(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw LambdaErrors.invalid("Number of tags exceeds resource tag limit.");
        }
        return tags;
    }
}
