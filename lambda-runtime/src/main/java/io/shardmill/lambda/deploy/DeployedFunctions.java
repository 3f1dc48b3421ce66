package io.shardmill.lambda.deploy;

import io.shardmill.lambda.deploy.Definitions.Definition;
import io.shardmill.lambda.deploy.Deployment.Declaration;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Deployments deployments; // changed under this' monitor
    private final Reloading reloading = new Reloading();

    private DeployedFunctions(Path folder, FolderLock lock, Hosts hosts, CodeBounds bounds) {
        this.lock = lock;
        this.codes = new CodeStore(folder, bounds);
        this.definitions = new Definitions(folder);
        this.hosts = hosts;
        this.deployments = new Deployments(hosts);
    }

    /**
     * With the functions that were created there before, in processes or in this JVM as each is configured.
     *
     * @param dataDir code and definitions are in its folder {@code shardmill-functions}, what processes need in {@code environments}
     * @throws IllegalStateException if another process uses the folder
     * @throws UncheckedIOException if it can't be read or written
     */
    public static DeployedFunctions open(Path dataDir) {
        return open(
                dataDir.resolve("shardmill-functions"),
                Map.of(
                        Isolation.PROCESS,
                        new ProcessHost(dataDir.resolve("environments")),
                        Isolation.JVM,
                        new JvmHost()));
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
        Path own = folder.toAbsolutePath().normalize();
        DeployedFunctions functions =
                new DeployedFunctions(own, FolderLock.of(own), new Hosts(Map.copyOf(hosts)), bounds);
        try {
            functions.restore(own);
            return functions;
        } catch (IOException unusable) {
            functions.close();
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
                deployments.put(restored(definition));
            } else if (Files.isDirectory(own) && !definitions.has(name)) {
                codes.deleteAllBut(name, null); // a declared function's: it is declared again, or not
            }
        }
    }

    private Deployment restored(Definition definition) {
        FunctionConfiguration configuration = definition.configuration();
        CodeRevision code = codes.find(configuration.name(), definition.revision());
        FunctionVersion version = null;
        String failure = null;
        try {
            if (code == null) {
                throw new DeploymentException("code: its folder is gone; deploy it again");
            }
            version = hosts.open(configuration, code);
        } catch (DeploymentException unusable) {
            failure = unusable.getMessage();
            LOG.error("Function '{}' can't be loaded, and its batches wait: {}", configuration.name(), failure);
        }
        return new Deployment(configuration, code, version, failure, null);
    }

    /**
     * Creates a function. It is kept until it is deleted.
     *
     * @param code a jar, a zip or a folder as for Lambda, which is copied
     * @throws DeploymentException if there is a function of that name, or the code can't be used
     */
    public synchronized FunctionDescription create(FunctionConfiguration configuration, Path code) {
        String name = configuration.name();
        if (deployments.get(name) != null) {
            throw new DeploymentException("name: there is a function '" + name + "' already; update or delete it");
        }
        return deploy(configuration, code);
    }

    /**
     * Gives a function other code.
     *
     * @throws DeploymentException if there is no such function, or the code can't be used: the old code goes on
     */
    public synchronized FunctionDescription updateCode(String name, Path code) {
        return deploy(requireCreated(name).configuration(), code);
    }

    private FunctionDescription deploy(FunctionConfiguration configuration, Path source) {
        CodeRevision code = codes.store(configuration.name(), source);
        try {
            return deploy(configuration, code);
        } catch (RuntimeException unusable) {
            code.release();
            throw unusable;
        }
    }

    /**
     * Gives a function of that name another configuration.
     *
     * @throws DeploymentException if there is no such function, or its code can't be used so: it goes on as before
     */
    public synchronized FunctionDescription updateConfiguration(FunctionConfiguration configuration) {
        CodeRevision code = requireCreated(configuration.name()).code();
        if (code == null) {
            throw new DeploymentException("code: function '" + configuration.name() + "' has none; update it first");
        }
        return deploy(configuration, code);
    }

    private FunctionDescription deploy(FunctionConfiguration configuration, CodeRevision code) {
        FunctionVersion version = hosts.open(configuration, code);
        try {
            definitions.write(new Definition(configuration, code.name()));
        } catch (IOException unwritten) {
            hosts.retire(version);
            throw new UncheckedIOException("Function '" + configuration.name() + "' can't be stored", unwritten);
        }
        Deployment deployment = new Deployment(configuration, code, version, null, null);
        deployments.put(deployment);
        return deployment.describe();
    }

    /**
     * Deletes a function; running invocations finish. Batches of mappings that still name it wait.
     *
     * @throws DeploymentException if there is none
     */
    public synchronized void delete(String name) {
        requireCreated(name);
        try {
            definitions.delete(name);
        } catch (IOException failed) {
            throw new UncheckedIOException("Function '" + name + "' can't be deleted", failed);
        }
        deployments.remove(name);
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
     * A function of the application's configuration: not stored, it takes the place of a stored one, which is kept aside.
     * Code that can't be used is logged, and tried again when it changes; until then the function goes on with the code
     * it had, or its batches wait.
     *
     * @param origin the property it is under, such as {@code shardmill.functions.delays}
     */
    public synchronized FunctionDescription declare(FunctionConfiguration configuration, Path code, String origin) {
        String name = configuration.name();
        Deployment before = deployments.get(name);
        if (before != null && before.declared() == null) {
            LOG.warn(
                    "{} takes the place of the function '{}' that was created at run time: that is kept, and not used"
                            + " while there is the property",
                    origin,
                    name);
            if (before.code() != null) {
                before.code().retain(); // its definition stays, so its code must, too
            }
        }
        return load(configuration, new Declaration(origin, new CodeWatch(code)));
    }

    /** Loads declared code anew where it has changed. */
    synchronized void reloadWhatChanged() {
        for (Deployment deployment : deployments.all()) {
            Declaration declared = deployment.declared();
            try {
                if (declared != null && declared.watch().hasChanged()) {
                    load(deployment.configuration(), declared);
                }
            } catch (RuntimeException failed) { // the others' code is looked at none the less
                LOG.warn(
                        "Changed code of function '{}' could not be looked for",
                        deployment.configuration().name(),
                        failed);
            }
        }
    }

    /** What runs goes on if this can't be used. */
    private FunctionDescription load(FunctionConfiguration configuration, Declaration declared) {
        String name = configuration.name();
        Path source = declared.watch().source();
        Deployment deployment;
        try {
            CodeRevision code = codes.store(name, source);
            try {
                deployment = new Deployment(configuration, code, hosts.open(configuration, code), null, declared);
            } catch (DeploymentException unusable) {
                code.release();
                throw unusable;
            }
            LOG.info("Function '{}' runs the code of {}", name, source);
        } catch (DeploymentException unusable) {
            String failure = declared.origin() + "." + unusable.getMessage();
            Deployment before = deployments.get(name);
            deployment = before == null
                    ? new Deployment(configuration, null, null, failure, declared)
                    : new Deployment(configuration, before.code(), before.version(), failure, declared);
            LOG.error(
                    deployment.version() == null
                            ? "{}. Batches of function '{}' wait until it changes"
                            : "{}. Function '{}' goes on with the code it had",
                    failure,
                    name);
        }
        deployments.put(deployment);
        return deployment.describe();
    }

    public Optional<FunctionDescription> describe(String name) {
        return Optional.ofNullable(deployments.get(name)).map(Deployment::describe);
    }

    /** In order of their names. */
    public List<FunctionDescription> list() {
        return names().stream().flatMap(name -> describe(name).stream()).toList();
    }

    public Set<String> names() {
        return deployments.names();
    }

    @Override
    public Optional<FunctionSettings> settings(String name) {
        return deployments.settings(name);
    }

    /** Stays right whatever becomes of the function: each invocation finds what is there then. */
    @Override
    public InvocableFunction find(String name) {
        if (deployments.get(name) == null) {
            throw new UnusableFunctionException(
                    "There is no deployed function '" + name + "'; there are " + names() + ".");
        }
        return new NamedFunction(deployments, name);
    }

    /** Ends all functions, and what runs of them. Waits for no change: code that is being loaded may hang. */
    @Override
    public void close() {
        reloading.close();
        deployments.clear();
        try {
            hosts.close();
        } finally {
            lock.close();
        }
    }
}
