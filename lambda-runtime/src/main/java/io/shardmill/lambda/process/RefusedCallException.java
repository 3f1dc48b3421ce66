package io.shardmill.lambda.process;

/** Refuses a call of the Runtime API that the state of the runtime does not allow. */
final class RefusedCallException extends Exception {

    private static final long serialVersionUID = 1;
    private final transient HttpAnswer answer;

    RefusedCallException(HttpAnswer answer) {
        super("refused with " + answer.status(), null, false, false);
        this.answer = answer;
    }

    HttpAnswer answer() {
        return answer;
    }
}
