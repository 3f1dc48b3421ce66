package io.shardmill.lambda.deploy;

import io.shardmill.lambda.process.FunctionProcess;
import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.lambda.process.ProcessFunctionSettings;
import io.shardmill.lambda.process.ProcessFunctionSettings.Code;
import io.shardmill.lambda.process.ProcessFunctionSettings.Environments;
import io.shardmill.lambda.process.ProcessFunctionSettings.Identity;
import io.shardmill.lambda.process.ProcessFunctionSettings.Limits;
import io.shardmill.lambda.process.ProcessRuntime;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Functions in processes of their own. */
final class ProcessHost implements FunctionHost {

    /** Of embedded streams, too. */
    private static final String REGION = "us-east-1";

    private static final String ACCOUNT = "000000000000";

    /** Of an account on Lambda, for all of its functions. Reserved concurrency changes while they run, and is not theirs. */
    private static final int MOST_ENVIRONMENTS = 1_000;

    private final Path folder;
    private @Nullable ProcessRuntime runtime; // guarded by this

    /** @param folder ours alone, for what the processes need while they run */
    ProcessHost(Path folder) {
        this.folder = folder;
    }

    @Override
    public HostedFunction open(FunctionConfiguration configuration, String version, Path code) {
        Program program = configuration.program();
        return new HandlerInProcess(new FunctionProcess(
                new ProcessFunctionSettings(
                        new Identity(configuration.name(), REGION, ACCOUNT, version),
                        new Code(program.runtime().toString(), program.handler(), code),
                        program.environment(),
                        new Limits(
                                configuration.memoryMegabytes(),
                                configuration.settings().timeout()),
                        Environments.upTo(MOST_ENVIRONMENTS)),
                runtime()));
    }

    /** Not before it is needed: a system that can't run functions in processes may have some in this JVM. */
    private synchronized ProcessRuntime runtime() {
        if (runtime == null) {
            try {
                runtime = ProcessRuntime.open(folder);
            } catch (IllegalStateException impossible) {
                throw new DeploymentException(
                        "isolation: process is not possible here: " + impossible.getMessage(), impossible);
            }
        }
        return runtime;
    }

    @Override
    public synchronized void close() {
        if (runtime != null) {
            runtime.close();
        }
    }

    private record HandlerInProcess(FunctionProcess process) implements HostedFunction {

        @Override
        public Answer invoke(Invocation invocation) throws Exception {
            return process.invoke(invocation);
        }

        @Override
        public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
            return process.invoke(request);
        }

        @Override
        public Duration longestInvocation() {
            return process.longestInvocation();
        }

        @Override
        public Reporting reporting() {
            return Reporting.PERHAPS;
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
