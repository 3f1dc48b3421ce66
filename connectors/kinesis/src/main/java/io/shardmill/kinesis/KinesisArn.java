package io.shardmill.kinesis;

import io.shardmill.runtime.arn.Arn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ARN of a stream, or of a consumer that is registered with it.
 *
 * @param consumer the consumer's name, or null for the stream's own ARN
 */
record KinesisArn(Arn arn, String stream, @Nullable String consumer) {

    private static final Pattern RESOURCE =
            Pattern.compile("stream/([a-zA-Z0-9_.-]{1,128})(?:/consumer/([a-zA-Z0-9_.-]{1,128}):[0-9]+)?");

    /** Returns null unless the text is such an ARN. */
    static @Nullable KinesisArn parse(String text) {
        Arn arn = Arn.parse(text);
        if (arn == null || !arn.service().equals("kinesis")) {
            return null;
        }
        Matcher resource = RESOURCE.matcher(arn.resource());
        return resource.matches() ? new KinesisArn(arn, resource.group(1), resource.group(2)) : null;
    }

    String streamArn() {
        return new Arn(arn.partition(), arn.service(), arn.region(), arn.account(), "stream/" + stream).toString();
    }

    @Override
    public String toString() {
        return arn.toString();
    }
}
