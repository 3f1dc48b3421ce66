package io.shardmill.lambda.deploy;

import io.shardmill.lambda.deploy.Definition.Snapshot;
import io.shardmill.lambda.deploy.DeploymentException.Kind;
import io.shardmill.runtime.FunctionSettings;
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

/** Functions that were created at run time: each change is on the disk before it counts. One thread at a time. */
final class CreatedFunctions {

    private static final Logger LOG = LoggerFactory.getLogger(CreatedFunctions.class);

    private final CodeStore codes;
    private final Definitions definitions;
    private final Hosts hosts;
    private final Deployments deployments;
    private final Map<String, Definition> known = new HashMap<>();

    CreatedFunctions(Path folder, CodeStore codes, Hosts hosts, Deployments deployments) {
        this.codes = codes;
        this.definitions = new Definitions(folder);
        this.hosts = hosts;
        this.deployments = deployments;
    }

    /** All that were created before, with their versions and aliases; code that nobody needs any more goes. */
    void restore(Path folder) throws IOException {
        known.putAll(definitions.readAll());
        for (Path own : CodeStore.entries(folder)) {
            String name = own.getFileName().toString();
            Definition definition = known.get(name);
            if (definition != null) {
                codes.deleteAllBut(name, definition.revisions());
                restore(definition);
            } else if (Files.isDirectory(own) && !definitions.has(name)) {
                codes.deleteAllBut(name, Set.of()); // a declared function's: it is declared again, or not
            }
        }
    }

    void copyTo(Path target) throws IOException {
        Files.createDirectory(target);
        Definitions copies = new Definitions(target);
        for (Definition definition : known.values()) {
            copies.write(definition);
            codes.copyTo(target, definition.configuration().name(), definition.revisions());
        }
    }

    private void restore(Definition definition) {
        Map<String, CodeRevision> shared = new HashMap<>();
        deployments.put(restored(definition.latest(), shared));
        definition.versions().forEach(version -> deployments.put(restored(version, shared)));
        deployments.setAliases(definition.configuration().name(), definition.aliases());
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

    Definition require(String name) {
        Deployment deployment = deployments.get(name);
        if (deployment != null && deployment.declared() != null) {
            throw new DeploymentException(
                    Kind.CONFLICT,
                    "name: function '" + name + "' is configured by "
                            + deployment.declared().origin() + "; change it there");
        }
        Definition definition = known.get(name);
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
        Definition before = require(name);
        return deploy(before, before.configuration(), before.latest().details().labels(), source);
    }

    private FunctionDescription deploy(
            @Nullable Definition before, FunctionConfiguration configuration, FunctionLabels labels, Path source) {
        CodeRevision code = codes.store(configuration.name(), source);
        try {
            FunctionDetails details = FunctionDetails.now(FunctionDetails.LATEST, facts(source), labels);
            force(code); // before a definition names it
            return deploy(before, configuration, details, code);
        } catch (RuntimeException unusable) {
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

    private static CodeFacts facts(Path source) {
        try {
            return CodeFacts.of(source);
        } catch (IOException unreadable) {
            throw new DeploymentException("code: " + source + " can't be read: " + unreadable, unreadable);
        }
    }

    FunctionDescription updateConfiguration(FunctionConfiguration configuration, FunctionLabels labels) {
        Definition before = require(configuration.name());
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

    /** Without any effect on what runs. */
    private FunctionDescription keep(FunctionConfiguration configuration, FunctionDetails details) {
        Definition before = require(configuration.name());
        save(before.with(new Snapshot(configuration, before.revision(), details)));
        Deployment deployment = latest(configuration.name()).with(configuration, details);
        deployments.put(deployment);
        return deployment.describe();
    }

    private FunctionDescription deploy(
            @Nullable Definition before,
            FunctionConfiguration configuration,
            FunctionDetails details,
            CodeRevision code) {
        FunctionVersion version = hosts.open(configuration, details.version(), code);
        Snapshot latest = new Snapshot(configuration, code.name(), details);
        Definition definition =
                before == null ? new Definition(configuration, code.name(), details, null) : before.with(latest);
        try {
            save(definition);
        } catch (UncheckedIOException unwritten) {
            hosts.retire(version);
            throw unwritten;
        }
        Deployment deployment = new Deployment(configuration, details, code, version, null, null);
        deployments.put(deployment);
        return deployment.describe();
    }

    void save(Definition definition) {
        String name = definition.configuration().name();
        try {
            definitions.write(definition);
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

    /** What was deployed last. */
    CodeRevision code(String name) {
        CodeRevision code = latest(name).code();
        if (code == null) {
            throw new DeploymentException("code: function '" + name + "' has none; update it first");
        }
        return code;
    }

    void delete(String name) {
        Definition definition = require(name);
        try {
            definitions.delete(name);
        } catch (IOException failed) {
            throw new UncheckedIOException("Function '" + name + "' can't be deleted", failed);
        }
        known.remove(name);
        deployments.setAliases(name, List.of());
        definition.versions().forEach(version -> deployments.remove(QualifiedName.of(name, version.version())));
        deployments.remove(new QualifiedName(name, null));
    }
}
