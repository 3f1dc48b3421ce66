package io.shardmill.lambda.process;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.Program;
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
    private final Interpreters interpreters;
    private final Map<String, ProcessUser> users = new HashMap<>(); // guarded by this
    private @Nullable HostResources resources; // guarded by this

    /** Touches nothing before it is needed: a system that can't run functions in processes may have some in this JVM. */
    public ProcessHost(ProcessOptions options) {
        this(options, Interpreters.of(options));
    }

    ProcessHost(ProcessOptions options, Interpreters interpreters) {
        this.options = options;
        this.interpreters = interpreters;
    }

    /**
     * Tries to run a process as the default user, if there is one, and the interpreters that are named.
     *
     * @throws IllegalArgumentException if that is not possible; the message begins with the property's name
     */
    public void checkOptions() {
        if (options.defaultUser() != null) {
            check("function-user", options.defaultUser());
        }
        if (!options.interpreters().isEmpty()) {
            interpreters.checkNamed(userOf(null));
        }
    }

    @Override
    public void check(FunctionConfiguration configuration) {
        String user = configuration.program().user();
        if (user != null) {
            check("user", user);
        }
        requireInterpreter(configuration.program());
    }

    private void check(String property, String name) {
        try {
            ProcessUser unused = user(name);
        } catch (IllegalStateException | DeploymentException impossible) {
            throw new IllegalArgumentException(property + ": " + impossible.getMessage(), impossible);
        }
    }

    /** @param name null for the default user */
    private ProcessUser userOf(@Nullable String name) {
        String effective = orDefault(name);
        return effective == null ? resources().ownUser() : user(effective);
    }

    private @Nullable String orDefault(@Nullable String user) {
        return user == null ? options.defaultUser() : user;
    }

    private synchronized ProcessUser user(String name) {
        ProcessUser known = users.get(name);
        if (known == null) {
            known = resources().user(name);
            users.put(name, known);
        }
        return known;
    }

    @Override
    public HostedFunction open(FunctionRevision revision) {
        String name = orDefault(revision.program().user());
        HostResources shared = resources();
        try {
            requireInterpreter(revision.program());
        } catch (IllegalArgumentException missing) {
            throw new DeploymentException(String.valueOf(missing.getMessage()), missing);
        }
        if (name == null) {
            return new ProcessFunction(revision, shared.ownUser(), EnvironmentLimits.LAMBDA, shared);
        }
        ProcessUser user = user(name);
        FunctionRevision copy = copyOf(revision, shared.codeFolder());
        try (ResourceStack copied = new ResourceStack()) {
            copied.push(() -> ProcessFunction.deleteCode(copy));
            copy(revision.code(), copy.code(), user);
            if (revision.layers() != null && copy.layers() != null) {
                copy(revision.layers(), copy.layers(), user);
            }
            ProcessFunction function = new ProcessFunction(copy, user, EnvironmentLimits.LAMBDA, shared);
            copied.release();
            return function;
        } catch (IOException unable) {
            throw new DeploymentException("code: can't be copied for user " + name + ": " + unable, unable);
        }
    }

    private static FunctionRevision copyOf(FunctionRevision revision, Path folder) {
        String name = UUID.randomUUID().toString();
        return revision.withCode(
                folder.resolve(name), revision.layers() == null ? null : folder.resolve(name + ".layers"));
    }

    private static void copy(Path tree, Path target, ProcessUser user) throws IOException {
        Folders.copy(tree, target);
        user.permit(target);
    }

    /** Finds out before the first invocation, which would use up an attempt of its batch. */
    private void requireInterpreter(Program program) {
        if (program.runtime().isInterpreted()) {
            Interpreter unused = interpreters.find(program.runtime(), userOf(program.user()));
        }
    }

    private synchronized HostResources resources() {
        if (resources == null) {
            try {
                resources = HostResources.open(options.folder(), HostResources.Languages.with(interpreters));
            } catch (IllegalStateException impossible) {
                throw new DeploymentException(
                        "isolation: process is not possible here: " + impossible.getMessage(), impossible);
            }
        }
        return resources;
    }

    @Override
    public synchronized void close() {
        if (resources != null) {
            resources.close();
        }
    }
}
