package io.shardmill.aws.lambda;

import java.util.Map;

/** Lambda's rule for tags. */
final class LambdaTags {

    private static final int MOST = 50;

    private LambdaTags() {}

    /** @throws io.shardmill.aws.protocol.AwsException if they are more than a resource can have */
    static Map<String, String> checked(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw LambdaErrors.invalid("Number of tags exceeds resource tag limit.");
        }
        return tags;
    }
}
