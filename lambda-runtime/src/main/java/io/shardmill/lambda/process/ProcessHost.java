package io.shardmill.lambda.process;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs functions in processes of their own. A function of another user runs a copy of its code that this user can read. */
public final class ProcessHost implements FunctionHost {

    private final ProcessOptions options;
    private final Map<String, ProcessUser> users = new HashMap<>(); // guarded by this
    private @Nullable ProcessRuntime runtime; // guarded by this

    /** Touches nothing before it is needed: a system that can't run functions in processes may have some in this JVM. */
    public ProcessHost(ProcessOptions options) {
        this.options = options;
    }

    /**
     * Tries to run a process as the default user, if there is one.
     *
     * @throws IllegalArgumentException if that is not possible; the message begins with the property's name
     */
    public void checkDefaultUser() {
        if (options.defaultUser() != null) {
            check("function-user", options.defaultUser());
        }
    }

    @Override
    public void check(FunctionConfiguration configuration) {
        String user = configuration.program().user();
        if (user != null) {
            check("user", user);
        }
    }

    private void check(String property, String name) {
        try {
            ProcessUser unused = user(name);
        } catch (IllegalStateException | DeploymentException impossible) {
            throw new IllegalArgumentException(property + ": " + impossible.getMessage(), impossible);
        }
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
    public HostedFunction open(FunctionRevision revision) {
        String name = revision.program().user() == null
                ? options.defaultUser()
                : revision.program().user();
        ProcessRuntime shared = runtime();
        if (name == null) {
            return new FunctionProcess(revision, shared.ownUser(), Environments.LAMBDA, shared);
        }
        ProcessUser user = user(name);
        Path copy = shared.codeFolder().resolve(UUID.randomUUID().toString());
        try (ResourceStack copied = new ResourceStack()) {
            copied.push(() -> FunctionProcess.deleteCode(copy));
            Folders.copy(revision.code(), copy);
            user.permit(copy);
            FunctionProcess function = new FunctionProcess(revision.withCode(copy), user, Environments.LAMBDA, shared);
            copied.release();
            return function;
        } catch (IOException unable) {
            throw new DeploymentException("code: can't be copied for user " + name + ": " + unable, unable);
        }
    }

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
}
