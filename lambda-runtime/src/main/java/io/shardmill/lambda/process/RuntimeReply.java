package io.shardmill.lambda.process;

/** What an invocation ended with: a result, or an error as Lambda words it. */
record RuntimeReply(byte[] payload, boolean isError) {

    /** There was no memory for what the process answered. */
    static final RuntimeReply OUT_OF_MEMORY = new RuntimeReply(new byte[0], true);

    static RuntimeReply error(FunctionError error) {
        return new RuntimeReply(error.json(), true);
    }
}
