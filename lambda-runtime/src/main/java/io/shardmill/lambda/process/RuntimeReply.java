package io.shardmill.lambda.process;

import io.shardmill.lambda.internal.FunctionError;

/** The end of an invocation: a result, or an error as Lambda words it. */
record RuntimeReply(byte[] payload, boolean isError) {

    /** There was no memory for what the process answered. */
    static final RuntimeReply OUT_OF_MEMORY = new RuntimeReply(new byte[0], true);

    static RuntimeReply error(FunctionError error) {
        return new RuntimeReply(error.json(), true);
    }
}
