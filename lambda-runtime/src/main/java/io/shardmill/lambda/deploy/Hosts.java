package io.shardmill.lambda.deploy;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens versions of functions, and closes those that are replaced when nobody uses them any more. Thread-safe. */
final class Hosts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);

    private final Map<Isolation, FunctionHost> hosts;
    private final Set<FunctionVersion> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** So that no invocation's thread waits for the end of another's process. */
    private final ExecutorService closing = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "shardmill-closing-functions");
        thread.setDaemon(true);
        return thread;
    });

    Hosts(Map<Isolation, FunctionHost> hosts) {
        this.hosts = hosts;
    }

    /**
     * @param version {@code $LATEST} or a published version's number
     * @throws DeploymentException whatever is wrong with the code
     */
    FunctionVersion open(FunctionConfiguration configuration, String version, CodeRevision code) {
        FunctionHost host = hosts.get(configuration.isolation());
        if (host == null) {
            throw new DeploymentException(
                    "isolation: " + configuration.isolation() + " is not possible here; there are " + hosts.keySet());
        }
        CodeCheck.check(configuration.program(), code.folder());
        try {
            return added(new FunctionVersion(version, code, host.open(configuration, version, code.folder())));
        } catch (DeploymentException unusable) {
            throw unusable;
        } catch (Throwable failed) { // the code's static initializers may throw whatever they like
            throw new DeploymentException(
                    "handler: '" + configuration.program().handler() + "' can't be loaded: " + failed, failed);
        }
    }

    /** What was being opened while all were closed is closed, too. */
    private FunctionVersion added(FunctionVersion version) {
        open.add(version);
        if (closed) {
            close(version);
            throw new DeploymentException("name: functions are being stopped; none can be deployed now");
        }
        return version;
    }

    /** Closes it after its last invocation. */
    void retire(FunctionVersion version) {
        version.retire(() -> closeSoon(version));
    }

    private void closeSoon(FunctionVersion version) {
        try {
            closing.execute(() -> close(version));
        } catch (RejectedExecutionException allAreClosed) {
            close(version);
        }
    }

    private void close(FunctionVersion version) {
        open.remove(version);
        try {
            version.close();
        } catch (RuntimeException failed) {
            LOG.warn("A replaced function did not end cleanly", failed);
        }
    }

    /** Ends all versions, whatever they are doing. */
    @Override
    public void close() {
        closed = true;
        closing.shutdown();
        open.forEach(this::close);
        hosts.forEach((isolation, host) -> {
            try {
                host.close();
            } catch (RuntimeException failed) {
                LOG.warn("What runs functions of isolation {} did not end cleanly", isolation, failed);
            }
        });
    }
}
