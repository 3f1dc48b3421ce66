package io.shardmill.lambda.process;

/** The states of a runtime that takes one invocation at a time, in the Runtime API's own words. */
enum RuntimeState {
    STARTED("Started"),
    INIT_ERROR("InitError"),
    READY("Ready"),
    RUNNING("Running"),
    INVOCATION_RESPONSE("InvocationResponse"),
    INVOCATION_ERROR_RESPONSE("InvocationErrorResponse"),
    RESPONSE_SENT("RuntimeResponseSentState");

    private final String text;

    RuntimeState(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
