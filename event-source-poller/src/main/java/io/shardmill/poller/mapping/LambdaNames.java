package io.shardmill.poller.mapping;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Lambda's requests name things by, as names of ours. */
public final class LambdaNames {

    private static final Pattern KINESIS_STREAM = Pattern.compile("arn:[^:]*:kinesis:[^:]*:[^:]*:stream/([^/]+)");
    private static final Pattern DYNAMO_DB = Pattern.compile("arn:[^:]*:dynamodb:");
    private static final Pattern FUNCTION = Pattern.compile("(?:arn:[^:]*:lambda:[^:]*:)?[0-9]+:function:(.+)");

    private LambdaNames() {}

    /** A Kinesis stream's name; of any other source, such as a stream's consumer, the whole ARN. */
    public static String stream(String arn) {
        Matcher kinesis = KINESIS_STREAM.matcher(arn);
        return kinesis.matches() ? kinesis.group(1) : arn;
    }

    /** A function's name with the qualifier as it is given, of a name, a partial ARN or a whole one (spec 1.1). */
    public static String function(String name) {
        Matcher arn = FUNCTION.matcher(name);
        return arn.matches() ? arn.group(1) : name;
    }

    static boolean isDynamoDb(String arn) {
        return DYNAMO_DB.matcher(arn).lookingAt();
    }
}
