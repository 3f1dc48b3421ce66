package io.shardmill.lambda.injvm;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.Deadlines;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs functions in this JVM, each in a class loader of its own. */
public final class JvmHost implements FunctionHost {

    private static final Logger LOG = LoggerFactory.getLogger(JvmHost.class);

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.named("shardmill-function-deadlines"));
    private final Deadlines deadlines = new Deadlines(timer);

    @Override
    public HostedFunction open(FunctionRevision revision) {
        if (!revision.program().environment().isEmpty()) {
            LOG.warn(
                    "Function '{}' runs in this JVM and sees its environment, not the configured variables {}",
                    revision.name(),
                    revision.program().environment().keySet());
        }
        try {
            return HandlerJarFunction.open(revision, deadlines);
        } catch (HandlerInitException unusable) {
            throw new DeploymentException(
                    "handler: '" + revision.program().handler() + "' can't be loaded: " + unusable.getMessage(),
                    unusable);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
