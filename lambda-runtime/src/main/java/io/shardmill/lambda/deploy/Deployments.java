package io.shardmill.lambda.deploy;

import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.NotInvokedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is deployed now, by function name. Invocations look here without waiting; one thread at a time changes it. */
final class Deployments {

    private final Hosts hosts;
    private final Map<String, Deployment> now = new ConcurrentHashMap<>();

    Deployments(Hosts hosts) {
        this.hosts = hosts;
    }

    @Nullable
    Deployment get(String name) {
        return now.get(name);
    }

    List<Deployment> all() {
        return List.copyOf(now.values());
    }

    Set<String> names() {
        return new TreeSet<>(now.keySet());
    }

    /** From here on invocations find this; what it doesn't take over of the one before ends when it is unused. */
    void put(Deployment deployment) {
        Deployment before = now.put(deployment.configuration().name(), deployment);
        if (before != null) {
            letGo(before, deployment);
        }
    }

    void remove(String name) {
        Deployment before = now.remove(name);
        if (before != null) {
            letGo(before, null);
        }
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
    FunctionVersion version(String name) throws NotInvokedException {
        Deployment deployment = now.get(name);
        if (deployment == null) {
            throw new NotInvokedException("there is no function '" + name + "' any more");
        }
        if (deployment.version() == null) {
            throw new NotInvokedException("function '" + name + "' can't be loaded: " + deployment.failure());
        }
        return deployment.version();
    }

    Optional<FunctionSettings> settings(String name) {
        return Optional.ofNullable(now.get(name))
                .map(deployment -> deployment.version() == null
                        ? deployment.configuration().settings()
                        : deployment.version().settings());
    }

    /** Without ending anything: that is the hosts' matter. */
    void clear() {
        now.clear();
    }
}
