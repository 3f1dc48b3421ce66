package io.shardmill.poller.event;

/** A function's ARN in the region and account of the stream it is fed from. */
public final class FunctionArn {

    private FunctionArn() {}

    /** {@code arn:aws:lambda:<region>:<account>:function:<name>}, unqualified. */
    public static String of(String streamArn, String function) {
        String[] parts = streamArn.split(":", 6);
        return "arn:" + parts[1] + ":lambda:" + parts[3] + ":" + parts[4] + ":function:" + function;
    }
}
