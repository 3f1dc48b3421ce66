package io.shardmill.lambda.process;

/** Thrown when the state of the runtime does not allow a call of the Runtime API. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;
    private final transient HttpAnswer answer;

    RefusedException(HttpAnswer answer) {
        super("refused with " + answer.status(), null, false, false);
        this.answer = answer;
    }

    HttpAnswer answer() {
        return answer;
    }
}
