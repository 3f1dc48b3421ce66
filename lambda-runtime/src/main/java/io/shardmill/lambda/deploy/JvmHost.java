package io.shardmill.lambda.deploy;

import io.shardmill.lambda.injvm.FunctionCode;
import io.shardmill.lambda.injvm.FunctionIdentity;
import io.shardmill.lambda.injvm.HandlerInitException;
import io.shardmill.lambda.injvm.HandlerJarFunction;
import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.Invocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Functions in this JVM, each in a class loader of its own. */
final class JvmHost implements FunctionHost {

    private static final Logger LOG = LoggerFactory.getLogger(JvmHost.class);

    private final Deadlines deadlines;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "shardmill-function-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    JvmHost() {
        deadlines = new Deadlines(timer);
    }

    @Override
    public HostedFunction open(FunctionConfiguration configuration, String version, Path code) {
        Program program = configuration.program();
        if (!program.environment().isEmpty()) {
            LOG.warn(
                    "Function '{}' runs in this JVM and sees its environment, not the configured variables {}",
                    configuration.name(),
                    program.environment().keySet());
        }
        FunctionIdentity identity = FunctionIdentity.of(configuration.name())
                .withVersion(version)
                .withMemoryLimit(configuration.memoryMegabytes());
        try {
            return new HandlerInJvm(
                    HandlerJarFunction.open(identity, new FunctionCode(code, program.handler())),
                    identity,
                    configuration.settings().timeout(),
                    deadlines);
        } catch (HandlerInitException unusable) {
            throw new DeploymentException(
                    "handler: '" + program.handler() + "' can't be loaded: " + unusable.getMessage(), unusable);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private record HandlerInJvm(
            HandlerJarFunction handler, FunctionIdentity identity, Duration longestInvocation, Deadlines deadlines)
            implements HostedFunction {

        @Override
        public Answer invoke(Invocation invocation) throws Exception {
            return handler.invoke(invocation);
        }

        @Override
        public InvokeResponse invoke(InvokeRequest request) throws InterruptedException {
            return new JvmInvocation(request, identity, longestInvocation).run(handler, deadlines);
        }

        @Override
        public Reporting reporting() {
            return handler.reporting();
        }

        @Override
        public void close() {
            handler.close();
        }
    }
}
