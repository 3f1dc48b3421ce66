package io.shardmill.lambda.deploy;

import io.shardmill.lambda.Folders;
import io.shardmill.lambda.process.FunctionProcess;
import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.lambda.process.ProcessFunctionSettings;
import io.shardmill.lambda.process.ProcessFunctionSettings.Code;
import io.shardmill.lambda.process.ProcessFunctionSettings.Environments;
import io.shardmill.lambda.process.ProcessFunctionSettings.Identity;
import io.shardmill.lambda.process.ProcessFunctionSettings.Limits;
import io.shardmill.lambda.process.ProcessRuntime;
import io.shardmill.lambda.process.ProcessUser;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Functions in processes of their own. A function of another user runs a copy of its code that this user can read. */
final class ProcessHost implements FunctionHost {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessHost.class);

    /** Of embedded streams, too. */
    private static final String REGION = "us-east-1";

    private static final String ACCOUNT = "000000000000";

    /** Of an account on Lambda, for all of its functions. Reserved concurrency changes while they run, and is not theirs. */
    private static final int MOST_ENVIRONMENTS = 1_000;

    private final ProcessOptions options;
    private final Map<String, ProcessUser> users = new HashMap<>(); // guarded by this
    private @Nullable ProcessRuntime runtime; // guarded by this

    ProcessHost(ProcessOptions options) {
        this.options = options;
    }

    /** @throws IllegalArgumentException if functions can't run as one of the users; the message begins with its property */
    synchronized void checkUsers() {
        options.byProperty().forEach((property, name) -> {
            try {
                user(name);
            } catch (IllegalStateException | DeploymentException impossible) {
                throw new IllegalArgumentException(property + ": " + impossible.getMessage(), impossible);
            }
        });
    }

    private synchronized ProcessUser user(String name) {
        ProcessUser known = users.get(name);
        if (known == null) {
            known = runtime().user(name);
            users.put(name, known);
        }
        return known;
    }

    @Override
    public HostedFunction open(FunctionConfiguration configuration, String version, Path code) {
        String name = options.user(configuration.name());
        if (name == null) {
            return new HandlerInProcess(
                    new FunctionProcess(settings(configuration, version, code, null), runtime()), null);
        }
        ProcessUser user = user(name);
        Path copy = runtime().codeFolder().resolve(UUID.randomUUID().toString());
        try {
            CodeCopy.copy(code, Files.createDirectories(copy), CodeBounds.LAMBDA);
            user.permit(copy);
        } catch (IOException unable) {
            throw new DeploymentException("code: can't be copied for user " + name + ": " + unable, unable);
        }
        return new HandlerInProcess(new FunctionProcess(settings(configuration, version, copy, user), runtime()), copy);
    }

    private static ProcessFunctionSettings settings(
            FunctionConfiguration configuration, String version, Path code, @Nullable ProcessUser user) {
        Program program = configuration.program();
        return new ProcessFunctionSettings(
                new Identity(configuration.name(), REGION, ACCOUNT, version),
                new Code(program.runtime().toString(), program.handler(), code),
                program.environment(),
                new Limits(
                        configuration.memoryMegabytes(),
                        configuration.settings().timeout()),
                Environments.upTo(MOST_ENVIRONMENTS),
                user);
    }

    /** Not before it is needed: a system that can't run functions in processes may have some in this JVM. */
    private synchronized ProcessRuntime runtime() {
        if (runtime == null) {
            try {
                runtime = ProcessRuntime.open(options.folder());
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

    /** @param copy of the code, for this function alone */
    private record HandlerInProcess(
            FunctionProcess process, @Nullable Path copy) implements HostedFunction {

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
            if (copy != null) {
                try {
                    Folders.delete(copy);
                } catch (IOException inUse) {
                    LOG.warn(
                            "Could not delete a copy of code; it will be deleted at the next start: {}",
                            inUse.toString());
                }
            }
        }
    }
}
