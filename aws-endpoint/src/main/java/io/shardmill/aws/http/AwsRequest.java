package io.shardmill.aws.http;

/** A request that was admitted, with its whole body. */
public record AwsRequest(RequestHead head, byte[] body) {

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "AwsRequest[" + head.method() + " " + head.path() + ", " + body.length + " bytes]";
    }
}
