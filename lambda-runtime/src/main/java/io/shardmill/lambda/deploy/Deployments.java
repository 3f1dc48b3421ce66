package io.shardmill.lambda.deploy;

import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.NotInvokedException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is deployed now, by name: functions, their published versions, and aliases of both. Invocations look here without
 * waiting; one thread at a time changes it.
 */
final class Deployments {

    private final Hosts hosts;
    private final Map<QualifiedName, Deployment> now = new ConcurrentHashMap<>();
    private final Map<QualifiedName, QualifiedName> aliases = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

    Deployments(Hosts hosts) {
        this.hosts = hosts;
    }

    /** The function itself. */
    @Nullable
    Deployment get(String function) {
        return now.get(new QualifiedName(function, null));
    }

    /** The function, or what a qualifier stands for; null if there is none. */
    @Nullable
    Deployment get(QualifiedName name) {
        Deployment latest = get(name.function());
        if (name.qualifier() == null || latest == null || latest.declared() != null) {
            return name.qualifier() == null ? latest : null; // of a declared function there are no versions
        }
        return now.get(aliases.getOrDefault(name, name));
    }

    /** Functions, without their versions. */
    List<Deployment> all() {
        return now.values().stream()
                .filter(each -> each.name().qualifier() == null)
                .toList();
    }

    /** The function and its published versions, in order of their numbers. */
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

    /** From here on invocations find this; what it doesn't take over of the one before ends when it is unused. */
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

    /** Instead of those that the function had. */
    void setAliases(String function, List<FunctionAlias> ofFunction) {
        aliases.keySet()
                .removeIf(known -> known.function().equals(function)
                        && ofFunction.stream().noneMatch(alias -> alias.name().equals(known.qualifier())));
        ofFunction.forEach(alias ->
                aliases.put(QualifiedName.of(function, alias.name()), QualifiedName.of(function, alias.version())));
    }

    private void letGo(Deployment before, @Nullable Deployment after) {
        if (before.version() != null && (after == null || after.version() != before.version())) {
            hosts.retire(before.version());
        }
        if (before.code() != null && (after == null || after.code() != before.code())) {
            before.code().release();
        }
    }

    /**
     * What runs.
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

    /** An invocation of a version. */
    interface Use<T> {
        T of(FunctionVersion version) throws Exception;
    }

    /**
     * Invokes what is deployed at this moment, within the reserved concurrency that all of a function's versions share.
     *
     * @throws NotInvokedException if nothing of that name can be invoked now
     */
    <T> T invoke(QualifiedName name, Use<T> invocation) throws Exception {
        AtomicInteger ofFunction = running.computeIfAbsent(name.function(), missing -> new AtomicInteger());
        int reserved = reserved(name.function());
        try {
            if (ofFunction.incrementAndGet() > reserved && reserved != FunctionSettings.UNLIMITED) {
                throw NotInvokedException.throttled("all " + reserved + " reserved concurrent invocations of function '"
                        + name.function() + "' are running");
            }
            while (true) {
                FunctionVersion version = version(name);
                if (version.enter()) { // else it was replaced at this very moment
                    try {
                        return invocation.of(version);
                    } finally {
                        version.leave();
                    }
                }
            }
        } finally {
            ofFunction.decrementAndGet();
        }
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

    /** Without ending anything: that is the hosts' matter. */
    void clear() {
        now.clear();
    }
}
