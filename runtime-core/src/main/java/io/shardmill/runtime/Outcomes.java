package io.shardmill.runtime;

/** The outcome without content, made once, and texts of others. */
final class Outcomes {

    static final InvocationOutcome SUCCEEDED = new InvocationOutcome.Succeeded();

    private Outcomes() {}

    /** What the exception says of itself, or its class if it can't say that either. */
    static String text(Throwable thrown) {
        try {
            return String.valueOf(thrown.toString());
        } catch (Throwable broken) { // whatever it is, it is the function's
            return thrown.getClass().getName() + ", whose message can't be had: "
                    + broken.getClass().getName();
        }
    }
}
