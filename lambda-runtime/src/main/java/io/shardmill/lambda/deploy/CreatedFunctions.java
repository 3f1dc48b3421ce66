package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.DeploymentException.Kind;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.deploy.StoredFunction.Snapshot;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys functions that are created at run time; stores each change before it takes effect. One thread at a time. */
final class CreatedFunctions {

    private static final Logger LOG = LoggerFactory.getLogger(CreatedFunctions.class);

    private final CodeStore codes;
    private final FunctionStore store;
    private final Hosts hosts;
    private final Deployments deployments;
    private final Map<String, StoredFunction> known = new HashMap<>();

    CreatedFunctions(Path folder, CodeStore codes, Hosts hosts, Deployments deployments) {
        this.codes = codes;
        this.store = new FunctionStore(folder);
        this.hosts = hosts;
        this.deployments = deployments;
    }

    /** Restores functions that were created before, with their versions and aliases; deletes code that none of them needs. */
    void restore(Path folder) throws IOException {
        known.putAll(store.readAll());
        for (Path own : Folders.entries(folder)) {
            String name = own.getFileName().toString();
            StoredFunction definition = known.get(name);
            if (definition != null) {
                codes.deleteAllBut(name, definition.revisions());
                restore(definition);
            } else if (Files.isDirectory(own) && !store.has(name)) {
                codes.deleteAllBut(name, Set.of()); // a declared function's: it is declared again, or not
            }
        }
    }

    void copyTo(Path target) throws IOException {
        Files.createDirectory(target);
        FunctionStore copies = new FunctionStore(target);
        for (StoredFunction definition : known.values()) {
            copies.write(definition);
            codes.copyTo(target, definition.name(), definition.revisions());
        }
    }

    private void restore(StoredFunction definition) {
        Map<String, CodeRevision> shared = new HashMap<>();
        deployments.put(restored(definition.latest(), shared));
        definition.versions().forEach(version -> deployments.put(restored(version, shared)));
        deployments.setAliases(definition.name(), definition.aliases());
    }

    private Deployment restored(Snapshot stored, Map<String, CodeRevision> shared) {
        FunctionConfiguration configuration = stored.configuration();
        CodeRevision code = code(stored, shared);
        FunctionVersion version = null;
        String failure = null;
        try {
            if (code == null) {
                throw new DeploymentException("code: its folder is gone; deploy it again");
            }
            version = hosts.open(configuration, stored.version(), code);
        } catch (DeploymentException unusable) {
            failure = unusable.getMessage();
            LOG.error("Function '{}' can't be loaded, and its batches wait: {}", configuration.name(), failure);
        }
        return new Deployment(configuration, stored.details(), code, version, failure, null);
    }

    private @Nullable CodeRevision code(Snapshot stored, Map<String, CodeRevision> shared) {
        CodeRevision known = shared.get(stored.revision());
        if (known != null) {
            known.retain();
            return known;
        }
        CodeRevision found = codes.find(stored.configuration().name(), stored.revision());
        if (found != null) {
            shared.put(stored.revision(), found);
        }
        return found;
    }

    StoredFunction require(String name) {
        Deployment deployment = deployments.get(name);
        if (deployment != null && deployment.declared() != null) {
            throw new DeploymentException(
                    Kind.CONFLICT,
                    "name: function '" + name + "' is configured by "
                            + deployment.declared().origin() + "; change it there");
        }
        StoredFunction definition = known.get(name);
        if (definition == null || deployment == null) {
            throw new DeploymentException(Kind.MISSING, "name: there is no function '" + name + "'");
        }
        return definition;
    }

    FunctionDescription create(FunctionConfiguration configuration, FunctionLabels labels, Path source) {
        String name = configuration.name();
        if (deployments.get(name) != null) {
            throw new DeploymentException(
                    Kind.CONFLICT, "name: there is a function '" + name + "' already; update or delete it");
        }
        return deploy(null, configuration, labels, source);
    }

    FunctionDescription updateCode(String name, Path source) {
        StoredFunction before = require(name);
        return deploy(
                before,
                before.latest().configuration(),
                before.latest().details().labels(),
                source);
    }

    private FunctionDescription deploy(
            @Nullable StoredFunction before, FunctionConfiguration configuration, FunctionLabels labels, Path source) {
        CodeRevision code = codes.store(configuration.name(), CodeSource.of(source));
        try {
            FunctionDetails details = FunctionDetails.now(FunctionDetails.LATEST, facts(source), labels);
            force(code); // before a definition names it
            return deploy(before, configuration, details, code);
        } catch (RuntimeException | Error unusable) {
            code.release();
            throw unusable;
        }
    }

    private static void force(CodeRevision code) {
        try {
            code.force();
        } catch (IOException unwritten) {
            throw new UncheckedIOException("Code can't be stored", unwritten);
        }
    }

    private static CodeDigest facts(Path source) {
        try {
            return CodeDigest.of(source);
        } catch (IOException unreadable) {
            throw new DeploymentException("code: " + source + " can't be read: " + unreadable, unreadable);
        }
    }

    FunctionDescription updateConfiguration(FunctionConfiguration configuration, FunctionLabels labels) {
        StoredFunction before = require(configuration.name());
        FunctionDetails details = FunctionDetails.now(
                FunctionDetails.LATEST, before.latest().details().code(), labels);
        return deploy(before, configuration, details, code(configuration.name()));
    }

    FunctionDescription label(String name, FunctionLabels labels) {
        Snapshot latest = require(name).latest();
        return keep(latest.configuration(), latest.details().with(labels));
    }

    FunctionDescription reserve(String name, int concurrency) {
        Snapshot latest = require(name).latest();
        FunctionConfiguration configuration = latest.configuration();
        FunctionSettings settings =
                new FunctionSettings(configuration.settings().timeout(), concurrency);
        return keep(configuration.with(settings), latest.details());
    }

    /** Stores a change that does not affect what runs. */
    private FunctionDescription keep(FunctionConfiguration configuration, FunctionDetails details) {
        StoredFunction before = require(configuration.name());
        save(before.with(new Snapshot(configuration, before.latest().revision(), details)));
        Deployment deployment = latest(configuration.name()).with(configuration, details);
        deployments.put(deployment);
        return deployment.describe();
    }

    private FunctionDescription deploy(
            @Nullable StoredFunction before,
            FunctionConfiguration configuration,
            FunctionDetails details,
            CodeRevision code) {
        FunctionVersion version = hosts.open(configuration, details.version(), code);
        Snapshot latest = new Snapshot(configuration, code.name(), details);
        StoredFunction definition = before == null ? new StoredFunction(latest) : before.with(latest);
        try {
            save(definition);
        } catch (RuntimeException | Error unwritten) {
            version.retire();
            throw unwritten;
        }
        Deployment deployment = new Deployment(configuration, details, code, version, null, null);
        deployments.put(deployment);
        return deployment.describe();
    }

    void save(StoredFunction definition) {
        String name = definition.name();
        try {
            store.write(definition);
        } catch (IOException unwritten) {
            throw new UncheckedIOException("Function '" + name + "' can't be stored", unwritten);
        }
        known.put(name, definition);
    }

    Deployment latest(String name) {
        Deployment deployment = deployments.get(name);
        if (deployment == null) {
            throw new DeploymentException(Kind.MISSING, "name: there is no function '" + name + "'");
        }
        return deployment;
    }

    /** Returns the code that was deployed last. */
    CodeRevision code(String name) {
        CodeRevision code = latest(name).code();
        if (code == null) {
            throw new DeploymentException("code: function '" + name + "' has none; update it first");
        }
        return code;
    }

    void delete(String name) {
        StoredFunction definition = require(name);
        try {
            store.delete(name);
        } catch (IOException failed) {
            throw new UncheckedIOException("Function '" + name + "' can't be deleted", failed);
        }
        known.remove(name);
        deployments.setAliases(name, List.of());
        definition.versions().forEach(version -> deployments.remove(QualifiedName.of(name, version.version())));
        deployments.remove(new QualifiedName(name, null));
    }
}
