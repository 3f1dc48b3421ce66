package io.shardmill.runtime;

/** The outcome without content, made once. */
final class Outcomes {

    static final InvocationOutcome SUCCEEDED = new InvocationOutcome.Succeeded();

    private Outcomes() {}
}
