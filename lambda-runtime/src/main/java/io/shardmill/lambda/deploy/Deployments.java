package io.shardmill.lambda.deploy;

import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.ReservedConcurrency;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is deployed now by name: functions, their published versions, and aliases of both. Reads never wait; one thread
 * at a time changes it.
 */
final class Deployments {

    private final Map<QualifiedName, Deployment> now = new ConcurrentHashMap<>();
    private final Map<QualifiedName, QualifiedName> aliases = new ConcurrentHashMap<>();
    private final Map<String, ReservedConcurrency> running = new ConcurrentHashMap<>();

    /** Returns the function itself; null if it does not exist. */
    @Nullable
    Deployment get(String function) {
        return now.get(new QualifiedName(function, null));
    }

    /** Returns the function, or what a qualifier stands for; null if it does not exist. */
    @Nullable
    Deployment get(QualifiedName name) {
        Deployment latest = get(name.function());
        if (name.qualifier() == null || latest == null || latest.declared() != null) {
            return name.qualifier() == null ? latest : null; // of a declared function there are no versions
        }
        return now.get(aliases.getOrDefault(name, name));
    }

    /** Returns functions without their versions. */
    List<Deployment> all() {
        return now.values().stream()
                .filter(each -> each.name().qualifier() == null)
                .toList();
    }

    /** Returns the function and its published versions, in order of their numbers. */
    List<Deployment> versions(String function) {
        return now.values().stream()
                .filter(each -> each.configuration().name().equals(function))
                .sorted(Comparator.comparingInt(Deployments::number))
                .toList();
    }

    private static int number(Deployment deployment) {
        String qualifier = deployment.name().qualifier();
        return qualifier == null ? 0 : Integer.parseInt(qualifier);
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        all().forEach(each -> names.add(each.configuration().name()));
        return names;
    }

    /** Replaces a deployment for the invocations from now on; what the new one doesn't take over is retired. */
    void put(Deployment deployment) {
        Deployment before = now.put(deployment.name(), deployment);
        if (before != null) {
            letGo(before, deployment);
        }
    }

    void remove(QualifiedName name) {
        Deployment before = now.remove(name);
        if (before != null) {
            letGo(before, null);
        }
    }

    /** Replaces all aliases of a function. */
    void setAliases(String function, List<FunctionAlias> ofFunction) {
        aliases.keySet()
                .removeIf(known -> known.function().equals(function)
                        && ofFunction.stream().noneMatch(alias -> alias.name().equals(known.qualifier())));
        ofFunction.forEach(alias ->
                aliases.put(QualifiedName.of(function, alias.name()), QualifiedName.of(function, alias.version())));
    }

    private void letGo(Deployment before, @Nullable Deployment after) {
        if (before.version() != null && (after == null || after.version() != before.version())) {
            before.version().retire();
        }
        if (before.code() != null && (after == null || after.code() != before.code())) {
            before.code().release();
        }
    }

    /**
     * Returns the running version.
     *
     * @throws NotInvokedException if nothing of that name can run now
     */
    FunctionVersion version(QualifiedName name) throws NotInvokedException {
        Deployment deployment = get(name);
        if (deployment == null) {
            throw new NotInvokedException("there is no function '" + name + "' any more");
        }
        if (deployment.version() == null) {
            throw new NotInvokedException("function '" + name + "' can't be loaded: " + deployment.failure());
        }
        return deployment.version();
    }

    /**
     * Enters what is deployed at this moment, within the reserved concurrency that all of a function's versions share. It
     * must be {@link #leave left}.
     *
     * @throws NotInvokedException if nothing of that name can be invoked now
     */
    FunctionVersion enter(QualifiedName name) throws NotInvokedException {
        ReservedConcurrency concurrency = running(name.function());
        concurrency.enter(reserved(name.function()));
        try {
            FunctionVersion version = version(name);
            while (!version.enter()) { // it was replaced at this very moment
                version = version(name);
            }
            return version;
        } catch (NotInvokedException nothing) {
            concurrency.leave();
            throw nothing;
        }
    }

    void leave(QualifiedName name, FunctionVersion version) {
        try {
            version.leave();
        } finally {
            running(name.function()).leave();
        }
    }

    private ReservedConcurrency running(String function) {
        return running.computeIfAbsent(function, ReservedConcurrency::new);
    }

    private int reserved(String function) {
        Deployment deployment = get(function);
        return deployment == null
                ? FunctionSettings.UNLIMITED
                : deployment.configuration().settings().reservedConcurrency();
    }

    Optional<FunctionSettings> settings(QualifiedName name) {
        return Optional.ofNullable(get(name)).map(Deployment::settings);
    }

    /** Returns the role that a function was created with; empty if it has none. */
    Optional<String> role(QualifiedName name) {
        return Optional.ofNullable(get(name))
                .map(deployment -> deployment.details().labels().role())
                .filter(role -> !role.isEmpty());
    }

    /** Forgets everything without ending it: {@link Hosts} ends versions. */
    void clear() {
        now.clear();
    }
}
