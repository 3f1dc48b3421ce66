package io.shardmill.lambda.deploy;

import io.shardmill.runtime.Answer;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is deployed under a name at the moment of the invocation.
 *
 * @param arn that it is invoked as
 */
record NamedFunction(Deployments deployments, QualifiedName name, String arn) implements InvocableFunction {

    /** @throws NotInvokedException if nothing of that name can be invoked now: the batch waits */
    @Override
    public Answer invoke(Invocation invocation) throws Exception {
        FunctionVersion version = deployments.enter(name);
        try {
            return version.hosted().invoke(invocation, arn);
        } finally {
            deployments.leave(name, version);
        }
    }

    @Override
    public FunctionSettings settings(FunctionSettings configured) {
        return deployments.settings(name).orElse(configured);
    }

    @Override
    public @Nullable String role() {
        return deployments.role(name).orElse(null);
    }

    /** Also a handler in this JVM has its own classes, and not the application's beans. */
    @Override
    public boolean isOfApplication() {
        return false;
    }

    @Override
    public boolean reportsItemFailures() {
        return false;
    }

    @Override
    public Reporting reporting() {
        try {
            return deployments.version(name).hosted().reporting();
        } catch (NotInvokedException notYet) {
            return Reporting.PERHAPS;
        }
    }
}
