package io.shardmill.lambda.deploy;

import io.shardmill.lambda.deploy.Definitions.Definition;
import io.shardmill.lambda.deploy.Deployment.Declaration;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.UnusableFunctionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Functions deployed as on Lambda: created, changed and deleted at run time, and kept in a folder; or declared by the
 * application's configuration, and followed as their code changes. A batch in work finishes with the code it began with;
 * the next one has the new code. What can't be used leaves the code before it, and all other functions, running.
 * Thread-safe; a change waits for the one before it, invocations wait for none.
 */
public final class DeployedFunctions implements FunctionCatalog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeployedFunctions.class);

    private final FolderLock lock;
    private final CodeStore codes;
    private final Definitions definitions;
    private final Hosts hosts;
    private final Reloading reloading = new Reloading();
    private final Map<String, Deployment> deployments = new ConcurrentHashMap<>(); // changed under this' monitor

    private @Nullable Path temporary; // deleted at the end

    private DeployedFunctions(Path folder, FolderLock lock, Hosts hosts, CodeBounds bounds) {
        this.lock = lock;
        this.codes = new CodeStore(folder, bounds);
        this.definitions = new Definitions(folder);
        this.hosts = hosts;
    }

    /**
     * With the functions that were created there before, in processes or in this JVM as each is configured.
     *
     * @param dataDir code and definitions are in its folder {@code functions}, what processes need in {@code environments}
     * @throws IllegalStateException if another process uses the folder
     * @throws UncheckedIOException if it can't be read or written
     */
    public static DeployedFunctions open(Path dataDir) {
        return open(
                dataDir.resolve("functions"),
                Map.of(
                        Isolation.PROCESS,
                        new ProcessHost(dataDir.resolve("environments")),
                        Isolation.JVM,
                        new JvmHost()));
    }

    /** None yet, in a folder that is deleted when this is closed. */
    public static DeployedFunctions temporary() {
        try {
            Path dataDir = Files.createTempDirectory("shardmill-functions");
            DeployedFunctions functions = open(dataDir);
            functions.temporary = dataDir;
            return functions;
        } catch (IOException unable) {
            throw new UncheckedIOException("A temporary folder of functions can't be made", unable);
        }
    }

    /**
     * With hosts of the caller's choice.
     *
     * @param folder ours alone
     * @param hosts by isolation, closed with this
     * @throws IllegalStateException if another process uses the folder
     * @throws UncheckedIOException if it can't be read or written
     */
    public static DeployedFunctions open(Path folder, Map<Isolation, FunctionHost> hosts) {
        DeployedFunctions functions = open(folder, hosts, CodeBounds.LAMBDA);
        functions.reloading.start(functions::reloadWhatChanged);
        return functions;
    }

    /** Looks for changes only when it is told to. */
    static DeployedFunctions open(Path folder, Map<Isolation, FunctionHost> hosts, CodeBounds bounds) {
        try {
            Path own = folder.toAbsolutePath().normalize();
            DeployedFunctions functions =
                    new DeployedFunctions(own, FolderLock.of(own), new Hosts(Map.copyOf(hosts)), bounds);
            functions.restore(own);
            return functions;
        } catch (IOException unusable) {
            throw new UncheckedIOException("The folder of functions " + folder + " can't be used", unusable);
        }
    }

    private synchronized void restore(Path folder) throws IOException {
        Map<String, Definition> stored = definitions.readAll();
        for (Path own : CodeStore.entries(folder)) {
            String name = own.getFileName().toString();
            Definition definition = stored.get(name);
            if (definition != null) {
                codes.deleteAllBut(name, definition.revision());
                deployments.put(name, restored(definition));
            } else if (!definitions.has(name) && own.toFile().isDirectory()) {
                codes.deleteAllBut(name, null); // a declared function's: it is declared again, or not
            }
        }
    }

    private Deployment restored(Definition definition) {
        FunctionConfiguration configuration = definition.configuration();
        CodeRevision code = codes.find(configuration.name(), definition.revision());
        if (code == null) {
            return new Deployment(configuration, null, null, "code: its folder is gone; deploy it again", null);
        }
        try {
            return new Deployment(configuration, code, hosts.open(configuration, code), null, null);
        } catch (DeploymentException unusable) {
            LOG.error(
                    "Function '{}' can't be loaded, and its batches wait: {}",
                    configuration.name(),
                    unusable.getMessage());
            return new Deployment(configuration, code, null, unusable.getMessage(), null);
        }
    }

    /**
     * Creates a function. It is kept until it is deleted.
     *
     * @param code a jar, a zip or a folder as for Lambda, which is copied
     * @throws DeploymentException if there is a function of that name, or the code can't be used
     */
    public synchronized FunctionDescription create(FunctionConfiguration configuration, Path code) {
        String name = configuration.name();
        if (deployments.containsKey(name)) {
            throw new DeploymentException("name: there is a function '" + name + "' already; update or delete it");
        }
        return deploy(configuration, codes.store(name, code), null);
    }

    /**
     * Gives a function other code.
     *
     * @throws DeploymentException if there is no such function, or the code can't be used: the old code goes on
     */
    public synchronized FunctionDescription updateCode(String name, Path code) {
        Deployment old = requireCreated(name);
        return deploy(old.configuration(), codes.store(name, code), old);
    }

    /**
     * Gives a function of that name another configuration.
     *
     * @throws DeploymentException if there is no such function, or its code can't be used so: it goes on as before
     */
    public synchronized FunctionDescription updateConfiguration(FunctionConfiguration configuration) {
        Deployment old = requireCreated(configuration.name());
        if (old.code() == null) {
            throw new DeploymentException("code: function '" + configuration.name() + "' has none; update it first");
        }
        old.code().retain();
        return deploy(configuration, old.code(), old);
    }

    /** Lets go of the code if it can't be used. */
    private FunctionDescription deploy(
            FunctionConfiguration configuration, CodeRevision code, @Nullable Deployment old) {
        FunctionVersion version = null;
        try {
            version = hosts.open(configuration, code);
            definitions.write(new Definition(configuration, code.name()));
            Deployment deployment = new Deployment(configuration, code, version, null, null);
            put(deployment, old);
            return deployment.describe();
        } catch (IOException unwritten) {
            hosts.retire(version);
            code.release();
            throw new UncheckedIOException("Function '" + configuration.name() + "' can't be stored", unwritten);
        } catch (DeploymentException unusable) {
            code.release();
            throw unusable;
        }
    }

    /** From here on invocations find the new one. */
    private void put(Deployment deployment, @Nullable Deployment old) {
        deployments.put(deployment.configuration().name(), deployment);
        retire(old);
    }

    private void retire(@Nullable Deployment old) {
        if (old != null) {
            hosts.retire(old.version());
            if (old.code() != null) {
                old.code().release();
            }
        }
    }

    /**
     * Deletes a function; running invocations finish. Batches of mappings that still name it wait.
     *
     * @throws DeploymentException if there is none
     */
    public synchronized void delete(String name) {
        Deployment old = requireCreated(name);
        try {
            definitions.delete(name);
        } catch (IOException failed) {
            throw new UncheckedIOException("Function '" + name + "' can't be deleted", failed);
        }
        deployments.remove(name);
        retire(old);
    }

    private Deployment requireCreated(String name) {
        Deployment deployment = deployments.get(name);
        if (deployment == null) {
            throw new DeploymentException("name: there is no function '" + name + "'");
        }
        if (deployment.declared() != null) {
            throw new DeploymentException("name: function '" + name + "' is configured by "
                    + deployment.declared().origin() + "; change it there");
        }
        return deployment;
    }

    /**
     * A function of the application's configuration: not stored, it takes the place of a stored one. Code that can't be
     * used is logged, and tried again when it changes; until then the function's batches wait.
     *
     * @param origin the property it is under, such as {@code shardmill.functions.delays}
     */
    public synchronized FunctionDescription declare(FunctionConfiguration configuration, Path code, String origin) {
        String name = configuration.name();
        Deployment old = deployments.get(name);
        if (old != null && old.declared() == null) {
            LOG.warn("{} takes the place of the function '{}' that was created at run time", origin, name);
            delete(name);
            old = null;
        }
        Declaration declared = new Declaration(origin, new CodeWatch(code));
        follow(new Deployment(configuration, null, null, null, declared), old);
        return describe(name).orElseThrow();
    }

    /** Loads declared code anew where it has changed. */
    synchronized void reloadWhatChanged() {
        for (Deployment deployment : List.copyOf(deployments.values())) {
            if (deployment.declared() != null && deployment.declared().watch().hasChanged()) {
                follow(deployment, deployment);
            }
        }
    }

    private void follow(Deployment deployment, @Nullable Deployment old) {
        FunctionConfiguration configuration = deployment.configuration();
        Declaration declared = Objects.requireNonNull(deployment.declared());
        String name = configuration.name();
        try {
            CodeRevision code = codes.store(name, declared.watch().source());
            try {
                put(new Deployment(configuration, code, hosts.open(configuration, code), null, declared), old);
                LOG.info(
                        "Function '{}' runs the code of {}",
                        name,
                        declared.watch().source());
            } catch (DeploymentException unusable) {
                code.release();
                throw unusable;
            }
        } catch (DeploymentException unusable) {
            String failure = declared.origin() + "." + unusable.getMessage();
            deployments.put(name, deployment.failed(failure));
            LOG.error(
                    "{}. {} until it changes",
                    failure,
                    deployment.version() == null
                            ? "Batches of function '" + name + "' wait"
                            : "Function '" + name + "' goes on with the code it had");
        }
    }

    public Optional<FunctionDescription> describe(String name) {
        return Optional.ofNullable(deployments.get(name)).map(Deployment::describe);
    }

    /** In order of their names. */
    public List<FunctionDescription> list() {
        return names().stream().flatMap(name -> describe(name).stream()).toList();
    }

    public Set<String> names() {
        return new TreeSet<>(deployments.keySet());
    }

    @Override
    public Optional<FunctionSettings> settings(String name) {
        return Optional.ofNullable(deployments.get(name))
                .map(deployment -> deployment.version() == null
                        ? deployment.configuration().settings()
                        : deployment.version().settings());
    }

    /** Stays right whatever becomes of the function: each invocation finds what is there then. */
    @Override
    public InvocableFunction find(String name) {
        if (!deployments.containsKey(name)) {
            throw new UnusableFunctionException(
                    "There is no deployed function '" + name + "'; there are " + names() + ".");
        }
        return new NamedFunction(this, name);
    }

    FunctionVersion version(String name) throws NotInvokedException {
        Deployment deployment = deployments.get(name);
        if (deployment == null) {
            throw new NotInvokedException("there is no function '" + name + "' any more");
        }
        if (deployment.version() == null) {
            throw new NotInvokedException("function '" + name + "' can't be loaded: " + deployment.failure());
        }
        return deployment.version();
    }

    /** Ends all functions, and what runs of them. */
    @Override
    public synchronized void close() {
        reloading.close();
        deployments.clear();
        hosts.close();
        lock.close();
        if (temporary != null) {
            try {
                Trees.delete(temporary);
            } catch (IOException undeletable) {
                LOG.warn("A temporary folder of functions is left behind: {}", undeletable.toString());
            }
        }
    }
}
