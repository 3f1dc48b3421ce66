package io.shardmill.lambda.deploy;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.injvm.JvmHost;
import io.shardmill.lambda.process.ProcessHost;
import io.shardmill.lambda.process.ProcessOptions;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Isolation;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.UnusableFunctionException;
import io.shardmill.runtime.arn.AwsScope;
import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.FolderLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
    private final AwsScope scope;
    private final Hosts hosts;
    private final Deployments deployments; // changed under this' monitor
    private final CreatedFunctions created; // used under this' monitor
    private final DeclaredFunctions declared; // used under this' monitor
    private final PublishedVersions versions;
    private final Reloading reloading = new Reloading();

    private DeployedFunctions(
            Path folder, FolderLock lock, Map<Isolation, FunctionHost> hosts, CodeBounds bounds, AwsScope scope) {
        CodeStore codes = new CodeStore(folder, bounds);
        this.lock = lock;
        this.scope = scope;
        this.hosts = new Hosts(Map.copyOf(hosts), scope);
        this.deployments = new Deployments();
        this.created = new CreatedFunctions(folder, codes, this.hosts, deployments);
        this.declared = new DeclaredFunctions(codes, this.hosts, deployments);
        this.versions = new PublishedVersions(this, created, this.hosts, deployments);
    }

    /**
     * Opens the functions that were created there before, in processes or in this JVM as each is configured.
     *
     * @param dataDir code and definitions are in its folder {@code shardmill-functions}, what processes need in {@code environments}
     * @throws IllegalStateException if another process uses the folder
     * @throws UncheckedIOException if it can't be read or written
     */
    public static DeployedFunctions open(Path dataDir) {
        return open(dataDir, AwsScope.DEFAULT, ProcessOptions.in(dataDir.resolve("environments")));
    }

    /**
     * Opens them in another region and account, with processes in another folder, or of another user.
     *
     * @throws IllegalArgumentException if functions can't run as one of the users, or by one of the interpreters; the
     *     message begins with its property
     */
    public static DeployedFunctions open(Path dataDir, AwsScope scope, ProcessOptions processes) {
        ProcessHost host = new ProcessHost(processes);
        try {
            host.checkOptions();
            return open(
                    dataDir.resolve("shardmill-functions"),
                    scope,
                    Map.of(Isolation.PROCESS, host, Isolation.JVM, new JvmHost()));
        } catch (RuntimeException | Error unusable) {
            host.close();
            throw unusable;
        }
    }

    /**
     * Opens them with hosts of the caller's choice.
     *
     * @param folder ours alone
     * @param hosts by isolation, closed with this
     * @throws IllegalStateException if another process uses the folder
     * @throws UncheckedIOException if it can't be read or written
     */
    public static DeployedFunctions open(Path folder, AwsScope scope, Map<Isolation, FunctionHost> hosts) {
        DeployedFunctions functions = open(folder, scope, hosts, CodeBounds.LAMBDA);
        try {
            functions.reloading.start(functions::reloadWhatChanged);
            return functions;
        } catch (Throwable noThread) {
            functions.close();
            throw noThread;
        }
    }

    /** Opens them without looking for changes by itself. */
    static DeployedFunctions open(Path folder, AwsScope scope, Map<Isolation, FunctionHost> hosts, CodeBounds bounds) {
        Path own = folder.toAbsolutePath().normalize();
        DeployedFunctions functions = new DeployedFunctions(own, lock(own), hosts, bounds, scope);
        try {
            functions.restore(own);
            return functions;
        } catch (IOException unusable) {
            functions.close();
            throw new UncheckedIOException("The folder of functions " + folder + " can't be used", unusable);
        } catch (Throwable failed) {
            functions.close();
            throw failed;
        }
    }

    /** No function can have the name of the lock. */
    private static FolderLock lock(Path folder) {
        try {
            DurableFiles.createFolders(folder);
            FolderLock lock = FolderLock.tryTake(folder, ".lock");
            if (lock != null) {
                return lock;
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException("The folder of functions " + folder + " can't be used", unusable);
        }
        throw new IllegalStateException("The folder of functions " + folder
                + " is in use by another process; stop that, or give this one another folder");
    }

    private synchronized void restore(Path folder) throws IOException {
        created.restore(folder);
    }

    /**
     * Creates a function. It is kept until it is deleted.
     *
     * @param code a jar, a zip or a folder as for Lambda, which is copied
     * @throws DeploymentException if there is a function of that name, or the code can't be used
     */
    public FunctionDescription create(FunctionConfiguration configuration, Path code) {
        return create(configuration, FunctionLabels.NONE, code);
    }

    /** Creates a function with metadata. */
    public synchronized FunctionDescription create(
            FunctionConfiguration configuration, FunctionLabels labels, Path code) {
        FunctionDescription description = created.create(configuration, labels, code);
        LOG.info("Function '{}' was created", configuration.name());
        return description;
    }

    /**
     * Gives a function other code.
     *
     * @throws DeploymentException if the function does not exist, or the code can't be used: the old code keeps running
     */
    public synchronized FunctionDescription updateCode(String name, Path code) {
        FunctionDescription description = created.updateCode(name, code);
        LOG.info("Function '{}' has new code", name);
        return description;
    }

    /**
     * Gives a function of that name another configuration.
     *
     * @throws DeploymentException if the function does not exist, or its code can't be used so: it runs on as before
     */
    public synchronized FunctionDescription updateConfiguration(FunctionConfiguration configuration) {
        FunctionDetails details = created.require(configuration.name()).latest().details();
        return created.updateConfiguration(configuration, details.labels());
    }

    /** Gives a function another configuration and other metadata. */
    public synchronized FunctionDescription updateConfiguration(
            FunctionConfiguration configuration, FunctionLabels labels) {
        return created.updateConfiguration(configuration, labels);
    }

    /**
     * Gives a function other metadata; what runs of it is not touched.
     *
     * @throws DeploymentException if there is no such function
     */
    public synchronized FunctionDescription label(String name, FunctionLabels labels) {
        return created.label(name, labels);
    }

    /**
     * Bounds a function's concurrent invocations from the next one on; what runs of it is not touched.
     *
     * @param concurrency 0 or more, or {@link FunctionSettings#UNLIMITED}
     * @throws DeploymentException if there is no such function
     */
    public synchronized FunctionDescription reserve(String name, int concurrency) {
        return created.reserve(name, concurrency);
    }

    /**
     * Deletes a function with its versions and aliases; running invocations finish. Batches of mappings that still name it
     * wait.
     *
     * @throws DeploymentException if there is none
     */
    public synchronized void delete(String name) {
        created.delete(name);
        LOG.info("Function '{}' was deleted", name);
    }

    /**
     * Runs several steps as one change: no other change of functions, versions or aliases comes between them. A step stays
     * done when a later one fails.
     */
    public synchronized <T> T inOneChange(Supplier<T> steps) {
        return steps.get();
    }

    /**
     * Copies all functions that were created at run time, with their versions, aliases and code. Changes wait meanwhile,
     * invocations don't. The copy can take the place of the folder {@code shardmill-functions}.
     *
     * @param target a folder that does not exist; what a failed copy leaves there is incomplete
     */
    public synchronized void copyTo(Path target) throws IOException {
        created.copyTo(target);
    }

    /** Returns the published versions and aliases. */
    public PublishedVersions versions() {
        return versions;
    }

    /**
     * Declares a function of the application's configuration. It is not stored, and overrides a stored one of its name.
     * Code that can't be used is logged, and tried again when it changes; until then the function keeps running its previous
     * code, or its batches wait.
     *
     * @param origin the property it is under, such as {@code shardmill.functions.delays}
     */
    public synchronized FunctionDescription declare(
            FunctionConfiguration configuration, CodeSource code, String origin) {
        return declared.declare(configuration, code, origin);
    }

    /** Declares a function without layers. */
    public FunctionDescription declare(FunctionConfiguration configuration, Path code, String origin) {
        return declare(configuration, CodeSource.of(code), origin);
    }

    /** Loads declared code anew where it has changed. */
    synchronized void reloadWhatChanged() {
        declared.reloadWhatChanged();
    }

    public Optional<FunctionDescription> describe(String name) {
        return Optional.ofNullable(deployments.get(name)).map(Deployment::describe);
    }

    /** Returns all functions in order of their names. */
    public List<FunctionDescription> list() {
        return names().stream().flatMap(name -> describe(name).stream()).toList();
    }

    public Set<String> names() {
        return deployments.names();
    }

    /** Returns the function, or the version that a number or an alias stands for; empty if it does not exist. */
    public Optional<FunctionDescription> describe(String name, @Nullable String qualifier) {
        return Optional.ofNullable(deployments.get(QualifiedName.of(name, qualifier)))
                .map(Deployment::describe);
    }

    /**
     * Stays right whatever becomes of the function: each invocation finds what is there then.
     *
     * @param name with a version's number or an alias, if that is meant: {@code delays:PROD}
     */
    @Override
    public InvocableFunction find(String name) {
        QualifiedName qualified = QualifiedName.parse(name);
        if (deployments.get(qualified) == null) {
            throw new UnusableFunctionException(
                    "There is no deployed function '" + name + "'; there are " + names() + ".");
        }
        return new NamedFunction(deployments, qualified, scope.functionArn(name));
    }

    /**
     * Lambda's Invoke, on the calling thread: any event, within the function's reserved concurrency, which batches share, and
     * until its timeout. Whatever the function does is a response.
     *
     * @param qualifier an alias, a version's number or {@code $LATEST}; null for the latter
     * @throws NotInvokedException if there is nothing of that name, or it can't be run now
     * @throws InterruptedException if the caller gives up
     */
    public InvokeResponse invoke(String name, @Nullable String qualifier, InvokeRequest request)
            throws NotInvokedException, InterruptedException {
        QualifiedName qualified = QualifiedName.of(name, qualifier);
        FunctionVersion version = deployments.enter(qualified);
        try {
            return version.hosted().invoke(request);
        } finally {
            deployments.leave(qualified, version);
        }
    }

    /** Ends all functions, and what runs of them. Waits for no change: code that is being loaded may hang. */
    @Override
    public void close() {
        reloading.close();
        deployments.clear();
        try {
            hosts.close();
        } finally {
            unlock();
        }
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
