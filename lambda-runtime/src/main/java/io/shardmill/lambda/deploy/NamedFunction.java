package io.shardmill.lambda.deploy;

import io.shardmill.runtime.Answer;
import io.shardmill.runtime.FailedVersionException;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.UnusableFunctionException;

/** Whatever is deployed under a name at the moment of the invocation. */
record NamedFunction(Deployments deployments, QualifiedName name) implements InvocableFunction {

    /** @throws NotInvokedException if nothing of that name can be invoked now: the batch waits */
    @Override
    public Answer invoke(Invocation invocation) throws Exception {
        return deployments.invoke(
                name,
                version -> version.number().equals(FunctionDetails.LATEST)
                        ? version.hosted().invoke(invocation)
                        : invokePublished(version, invocation));
    }

    private static Answer invokePublished(FunctionVersion version, Invocation invocation) throws Exception {
        try {
            return version.hosted().invoke(invocation).executedBy(version.number());
        } catch (NotInvokedException | UnusableFunctionException notRun) {
            throw notRun;
        } catch (Throwable failed) { // whatever it is, it is the function's
            throw new FailedVersionException(version.number(), failed);
        }
    }

    @Override
    public FunctionSettings settings(FunctionSettings configured) {
        return deployments.settings(name).orElse(configured);
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
