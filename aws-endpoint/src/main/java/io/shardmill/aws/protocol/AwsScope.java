package io.shardmill.aws.protocol;

/** The region and the account that everything here is in. */
public record AwsScope(String region, String account) {

    /** The one that embedded streams and deployed functions are in, too. */
    public static final AwsScope DEFAULT = new AwsScope("us-east-1", "000000000000");

    /** Returns the ARN of a resource here. */
    public Arn arn(String service, String resource) {
        return new Arn("aws", service, region, account, resource);
    }

    /** Returns whether a resource is here. */
    public boolean contains(Arn arn) {
        return arn.region().equals(region) && arn.account().equals(account);
    }
}
