package io.shardmill.runtime;

import org.jspecify.annotations.Nullable;

/** Tells what a function threw from what was thrown around it. For one invocation. */
final class WatchedFunction implements InvocableFunction {

    private final InvocableFunction function;
    private @Nullable Throwable thrown;

    WatchedFunction(InvocableFunction function) {
        this.function = function;
    }

    @Override
    public Answer invoke(Invocation invocation) throws Exception {
        try {
            return function.invoke(invocation);
        } catch (Throwable own) {
            thrown = own;
            throw own;
        }
    }

    boolean hasThrown(Throwable fault) {
        return fault == thrown;
    }

    @Override
    public boolean reportsItemFailures() {
        return function.reportsItemFailures();
    }

    @Override
    public Reporting reporting() {
        return function.reporting();
    }

    @Override
    public Windows windows() {
        return function.windows();
    }
}
