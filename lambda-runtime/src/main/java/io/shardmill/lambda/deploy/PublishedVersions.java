package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.DeploymentException.Kind;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.deploy.StoredFunction.Snapshot;
import io.shardmill.runtime.FunctionSettings;
import java.util.List;
import java.util.Optional;

/**
 * The versions and aliases of functions that were created at run time (Lambda guide, "Manage Lambda function versions").
 * A version keeps code and configuration as they were, runs beside the others, and is invoked by its number or an alias. It
 * has no reserved concurrency of its own. Functions of the application's configuration have neither. Thread-safe.
 */
public final class PublishedVersions {

    private final Object monitor;
    private final CreatedFunctions created;
    private final Hosts hosts;
    private final Deployments deployments;

    /** @param monitor held while anything is changed */
    PublishedVersions(Object monitor, CreatedFunctions created, Hosts hosts, Deployments deployments) {
        this.monitor = monitor;
        this.created = created;
        this.hosts = hosts;
        this.deployments = deployments;
    }

    /**
     * Publishes the function as it is now; returns the newest version if nothing has changed since.
     *
     * @param description of the version; empty for the function's
     * @throws DeploymentException if there is no such function, or it is configured by the application
     */
    public FunctionDescription publish(String name, String description) {
        synchronized (monitor) {
            StoredFunction definition = created.require(name);
            Snapshot latest = definition.latest();
            FunctionConfiguration configuration = asPublished(latest.configuration(), description);
            List<Snapshot> versions = definition.versions();
            Snapshot newest = versions.isEmpty() ? null : versions.get(versions.size() - 1);
            if (newest != null && isSame(newest, latest)) {
                return describe(QualifiedName.of(name, newest.version()));
            }
            FunctionDetails details = FunctionDetails.now(
                    definition.nextVersion(),
                    latest.details().code(),
                    latest.details().labels());
            return publish(definition, new Snapshot(configuration, latest.revision(), details));
        }
    }

    private FunctionDescription publish(StoredFunction definition, Snapshot snapshot) {
        CodeRevision code = created.code(snapshot.configuration().name());
        FunctionVersion version = hosts.open(snapshot.configuration(), snapshot.version(), code);
        try {
            created.save(definition.publish(snapshot));
        } catch (RuntimeException | Error unwritten) {
            version.retire();
            throw unwritten;
        }
        code.retain();
        Deployment deployment = new Deployment(snapshot.configuration(), snapshot.details(), code, version, null, null);
        deployments.put(deployment);
        return deployment.describe();
    }

    private static boolean isSame(Snapshot newest, Snapshot latest) {
        String description = newest.configuration().description();
        return newest.revision().equals(latest.revision())
                && newest.configuration().equals(asPublished(latest.configuration(), description));
    }

    /** Reserved concurrency is the function's. */
    private static FunctionConfiguration asPublished(FunctionConfiguration latest, String description) {
        FunctionSettings settings = new FunctionSettings(latest.settings().timeout(), FunctionSettings.UNLIMITED);
        return new FunctionConfiguration(
                latest.name(),
                description.isEmpty() ? latest.description() : description,
                latest.program(),
                latest.memoryMegabytes(),
                settings,
                latest.isolation());
    }

    private FunctionDescription describe(QualifiedName name) {
        Deployment deployment = deployments.get(name);
        if (deployment == null) {
            throw new DeploymentException(Kind.MISSING, "name: there is no function '" + name + "'");
        }
        return deployment.describe();
    }

    /** Returns {@code $LATEST}, then the others from the oldest on; nothing if the function does not exist. */
    public List<FunctionDescription> list(String name) {
        Deployment latest = deployments.get(name);
        if (latest == null) {
            return List.of();
        }
        return latest.declared() != null
                ? List.of(latest.describe())
                : deployments.versions(name).stream().map(Deployment::describe).toList();
    }

    /**
     * Deletes a version; its running invocations finish.
     *
     * @throws DeploymentException if there is none, or an alias points at it
     */
    public void delete(String name, String version) {
        synchronized (monitor) {
            StoredFunction definition = created.require(name);
            requireVersion(definition, version);
            List<String> aliases = definition.aliases().stream()
                    .filter(alias -> alias.version().equals(version))
                    .map(FunctionAlias::name)
                    .toList();
            if (!aliases.isEmpty()) {
                throw new DeploymentException(
                        Kind.CONFLICT,
                        "Unable to delete version because the following aliases reference it: " + aliases);
            }
            created.save(definition.withoutVersion(version));
            deployments.remove(QualifiedName.of(name, version));
        }
    }

    private static void requireVersion(StoredFunction definition, String version) {
        if (definition.versions().stream().noneMatch(each -> each.version().equals(version))) {
            throw new DeploymentException(
                    Kind.MISSING, "version: function '" + definition.name() + "' has no version " + version);
        }
    }

    /** Returns a function's aliases in order of their names; none if it does not exist. */
    public List<FunctionAlias> aliases(String name) {
        synchronized (monitor) {
            Deployment latest = deployments.get(name);
            return latest == null || latest.declared() != null
                    ? List.of()
                    : created.require(name).aliases();
        }
    }

    public Optional<FunctionAlias> alias(String name, String alias) {
        return aliases(name).stream().filter(each -> each.name().equals(alias)).findFirst();
    }

    /**
     * Points an alias at a version, {@code $LATEST} or a number; invocations that begin from now on run that.
     *
     * @throws DeploymentException if there is no such function or version
     */
    public void put(String name, FunctionAlias alias) {
        synchronized (monitor) {
            StoredFunction definition = created.require(name);
            if (!alias.version().equals(FunctionDetails.LATEST)) {
                requireVersion(definition, alias.version());
            }
            saveAliases(definition.with(alias));
        }
    }

    /** Deletes an alias, if there is one. Batches of mappings that name it wait. */
    public void deleteAlias(String name, String alias) {
        synchronized (monitor) {
            saveAliases(created.require(name).withoutAlias(alias));
        }
    }

    private void saveAliases(StoredFunction definition) {
        created.save(definition);
        deployments.setAliases(definition.name(), definition.aliases());
    }
}
