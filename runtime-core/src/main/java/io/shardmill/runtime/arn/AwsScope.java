package io.shardmill.runtime.arn;

import java.util.regex.Pattern;

/**
 * The region and the account that streams, functions and mappings of this process are in.
 *
 * @param region of the form that AWS's regions have, whether AWS has it or not
 * @param accountId 12 digits
 */
public record AwsScope(String region, String accountId) {

    /** What Lambda takes in a function's ARN. */
    private static final Pattern REGION = Pattern.compile("(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9]");

    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");

    public static final AwsScope DEFAULT = new AwsScope("us-east-1", "000000000000");

    /** @throws IllegalArgumentException if a value is of another form; the message begins with the property's name */
    public AwsScope {
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException(
                    "region: '" + region + "' must have the form of AWS's regions, such as eu-central-1");
        }
        if (!ACCOUNT_ID.matcher(accountId).matches()) {
            throw new IllegalArgumentException("account-id: '" + accountId
                    + "' must have 12 digits; in YAML put it in quotes, as it is no number");
        }
    }

    /** Returns the ARN of a resource here. */
    public String arn(String service, String resource) {
        return new Arn("aws", service, region, accountId, resource).toString();
    }

    /** Returns the ARN of a function here, whose name may be qualified. */
    public String functionArn(String function) {
        return arn("lambda", "function:" + function);
    }

    /** Returns the ARN of a Kinesis stream here. */
    public String streamArn(String stream) {
        return arn("kinesis", "stream/" + stream);
    }

    /** Returns whether a resource is here. */
    public boolean contains(Arn arn) {
        return arn.region().equals(region) && arn.account().equals(accountId);
    }
}
