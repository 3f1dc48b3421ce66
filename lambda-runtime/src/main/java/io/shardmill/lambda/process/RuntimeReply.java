package io.shardmill.lambda.process;

/** What an invocation ended with: a result, or an error as Lambda words it. */
record RuntimeReply(byte[] payload, boolean isError) {

    static RuntimeReply error(FunctionError error) {
        return new RuntimeReply(error.json(), true);
    }
}
