package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.Isolation;
import io.shardmill.runtime.arn.AwsScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens versions of functions by the hosts that they need, and closes those that are unused. Thread-safe. */
final class Hosts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final Map<Isolation, FunctionHost> hosts;
    private final AwsScope scope;
    private final Set<FunctionVersion> open = ConcurrentHashMap.newKeySet();
    private final Set<FunctionVersion> ending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Keeps the threads of invocations from waiting for processes to end. */
    private final ExecutorService closing =
            Executors.newSingleThreadExecutor(DaemonThreads.named("shardmill-closing-functions"));

    Hosts(Map<Isolation, FunctionHost> hosts, AwsScope scope) {
        this.hosts = hosts;
        this.scope = scope;
    }

    /** @throws IllegalArgumentException if this system can't run such a function, whatever its code is */
    void check(FunctionConfiguration configuration) {
        host(configuration).check(configuration);
    }

    /**
     * @param version {@code $LATEST} or a published version's number
     * @throws DeploymentException whatever is wrong with the code
     */
    FunctionVersion open(FunctionConfiguration configuration, String version, CodeRevision code) {
        FunctionHost host = host(configuration);
        FunctionRevision revision = new FunctionRevision(configuration, version, code.folder(), code.layers(), scope);
        CodeCheck.check(revision);
        try {
            return added(new FunctionVersion(code, host.open(revision), this::closeSoon));
        } catch (DeploymentException unusable) {
            throw unusable;
        } catch (Throwable failed) { // the code's static initializers may throw whatever they like
            throw new DeploymentException(
                    "handler: '" + configuration.program().handler() + "' can't be loaded: " + failed, failed);
        }
    }

    private FunctionHost host(FunctionConfiguration configuration) {
        FunctionHost host = hosts.get(configuration.isolation());
        if (host == null) {
            throw new DeploymentException(
                    "isolation: " + configuration.isolation() + " is not possible here; there are " + hosts.keySet());
        }
        return host;
    }

    /** Closes a version that was being opened while all were closed. */
    private FunctionVersion added(FunctionVersion version) {
        open.add(version);
        if (closed) {
            version.kill();
            throw new DeploymentException("name: functions are being stopped; none can be deployed now");
        }
        return version;
    }

    private void closeSoon(FunctionVersion version) {
        ending.add(version);
        open.remove(version);
        try {
            closing.execute(() -> close(version));
        } catch (Throwable allAreClosedOrNoThread) {
            close(version);
        }
    }

    private void close(FunctionVersion version) {
        try {
            version.close();
        } catch (RuntimeException failed) {
            LOG.warn("Function '{}' did not end cleanly", version.function(), failed);
        } finally {
            ending.remove(version);
        }
    }

    private static void kill(FunctionVersion version) {
        try {
            version.kill();
        } catch (RuntimeException | Error failed) { // the others are killed none the less
            LOG.warn("Could not kill function '{}'", version.function(), failed);
        }
    }

    /** Kills all versions, whatever they are doing. One that can't be killed is closed when it has returned. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Hosts::kill);
        closing.shutdown();
        try {
            if (!closing.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                List<String> late =
                        ending.stream().map(FunctionVersion::function).sorted().toList();
                LOG.warn("Functions {} have not ended after {} s", late, CLOSE_TIMEOUT_SECONDS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        hosts.forEach((isolation, host) -> {
            try {
                host.close();
            } catch (RuntimeException failed) {
                LOG.warn("What runs functions of isolation {} did not end cleanly", isolation, failed);
            }
        });
    }
}
