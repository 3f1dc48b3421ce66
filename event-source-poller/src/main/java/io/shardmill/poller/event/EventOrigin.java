package io.shardmill.poller.event;

/**
 * What all events of a mapping have in common.
 *
 * @param streamArn the mapping's source, as events show it in {@code eventSourceARN}
 * @param awsRegion the region that events show
 * @param invokeIdentityArn the function's role, as events show it
 */
public record EventOrigin(String streamArn, String awsRegion, String invokeIdentityArn) {

    private static final int ARN_PARTS = 6;

    /**
     * Region and account as the stream's ARN has them; the role is one that does not exist.
     *
     * @throws IllegalArgumentException if it is no ARN ({@code arn:partition:service:region:account:resource})
     */
    public static EventOrigin of(String streamArn) {
        String[] parts = streamArn.split(":", ARN_PARTS);
        if (parts.length < ARN_PARTS || !parts[0].equals("arn")) {
            throw new IllegalArgumentException("stream ARN '" + streamArn
                    + "' must have the form arn:aws:kinesis:<region>:<account>:stream/<name>");
        }
        return new EventOrigin(streamArn, parts[3], "arn:" + parts[1] + ":iam::" + parts[4] + ":role/shardmill");
    }
}
