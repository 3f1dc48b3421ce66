package io.shardmill.lambda.deploy;

import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.UnusableFunctionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions deployed as on Lambda: created, changed and deleted at run time, and kept in a folder; or declared by the
 * application's configuration, and followed as their code changes. A batch in work finishes with the code it began with;
 * the next one has the new code. What can't be used leaves the code before it, and all other functions, running.
 * Thread-safe; a change waits for the one before it, invocations wait for none.
 */
public final class DeployedFunctions implements FunctionCatalog, AutoCloseable {

    private final FolderLock lock;
    private final Hosts hosts;
    private final Deployments deployments; // changed under this' monitor
    private final CreatedFunctions created; // used under this' monitor
    private final DeclaredFunctions declared; // used under this' monitor
    private final PublishedVersions versions;
    private final Reloading reloading = new Reloading();

    private DeployedFunctions(Path folder, FolderLock lock, Hosts hosts, CodeBounds bounds) {
        CodeStore codes = new CodeStore(folder, bounds);
        this.lock = lock;
        this.hosts = hosts;
        this.deployments = new Deployments(hosts);
        this.created = new CreatedFunctions(folder, codes, hosts, deployments);
        this.declared = new DeclaredFunctions(codes, hosts, deployments);
        this.versions = new PublishedVersions(this, created, hosts, deployments);
    }

    /**
     * With the functions that were created there before, in processes or in this JVM as each is configured.
     *
     * @param dataDir code and definitions are in its folder {@code shardmill-functions}, what processes need in {@code environments}
     * @throws IllegalStateException if another process uses the folder
     * @throws UncheckedIOException if it can't be read or written
     */
    public static DeployedFunctions open(Path dataDir) {
        return open(dataDir, ProcessOptions.in(dataDir.resolve("environments")));
    }

    /**
     * The same with processes in another folder, or of another user.
     *
     * @throws IllegalArgumentException if functions can't run as one of the users; the message begins with its property
     */
    public static DeployedFunctions open(Path dataDir, ProcessOptions processes) {
        ProcessHost host = new ProcessHost(processes);
        try {
            host.checkUsers();
            return open(
                    dataDir.resolve("shardmill-functions"),
                    Map.of(Isolation.PROCESS, host, Isolation.JVM, new JvmHost()));
        } catch (RuntimeException unusable) {
            host.close();
            throw unusable;
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

    /** The same with labels. */
    public synchronized FunctionDescription create(
            FunctionConfiguration configuration, FunctionLabels labels, Path code) {
        return created.create(configuration, labels, code);
    }

    /**
     * Gives a function other code.
     *
     * @throws DeploymentException if there is no such function, or the code can't be used: the old code goes on
     */
    public synchronized FunctionDescription updateCode(String name, Path code) {
        return created.updateCode(name, code);
    }

    /**
     * Gives a function of that name another configuration.
     *
     * @throws DeploymentException if there is no such function, or its code can't be used so: it goes on as before
     */
    public synchronized FunctionDescription updateConfiguration(FunctionConfiguration configuration) {
        FunctionDetails details = created.require(configuration.name()).latest().details();
        return created.updateConfiguration(configuration, details.labels());
    }

    /** The same with other labels. */
    public synchronized FunctionDescription updateConfiguration(
            FunctionConfiguration configuration, FunctionLabels labels) {
        return created.updateConfiguration(configuration, labels);
    }

    /**
     * Gives a function other labels; what runs of it is not touched.
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
    }

    /**
     * Several steps as one change: nobody else changes a function, a version or an alias between them, so what the steps
     * find is still so when they change it. What a step has done stays when a later one fails.
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

    /** Published versions, and aliases. */
    public PublishedVersions versions() {
        return versions;
    }

    /**
     * A function of the application's configuration: not stored, it takes the place of a stored one, which is kept aside.
     * Code that can't be used is logged, and tried again when it changes; until then the function goes on with the code
     * it had, or its batches wait.
     *
     * @param origin the property it is under, such as {@code shardmill.functions.delays}
     */
    public synchronized FunctionDescription declare(FunctionConfiguration configuration, Path code, String origin) {
        return declared.declare(configuration, code, origin);
    }

    /** Loads declared code anew where it has changed. */
    synchronized void reloadWhatChanged() {
        declared.reloadWhatChanged();
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

    /** The function, or the version that a number or an alias stands for; empty if there is none. */
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
        return new NamedFunction(deployments, qualified);
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
        try {
            return deployments.invoke(
                    QualifiedName.of(name, qualifier),
                    version -> version.hosted().invoke(request));
        } catch (NotInvokedException | InterruptedException | RuntimeException expected) {
            throw expected;
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
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
            lock.close();
        }
    }
}
