package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A function in processes of its own, one for each invocation that runs at the same time. Thread-safe. */
final class ProcessFunction implements HostedFunction {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFunction.class);
    private static final long MAX_REAP_MILLIS = 10_000;
    private static final Duration MAX_INVOCATION = Duration.ofMinutes(15);
    private static final Duration TIME_TO_KILL = Duration.ofSeconds(15);

    private final FunctionRevision revision;
    private final EnvironmentLimits limits;
    private final HostResources resources;
    private final EnvironmentPool pool;
    private final Future<?> reaping;

    /** Starts no process before the first invocation. */
    ProcessFunction(FunctionRevision revision, ProcessUser user, EnvironmentLimits limits, HostResources resources) {
        this.revision = revision;
        this.limits = limits;
        this.resources = resources;
        this.pool = new EnvironmentPool(
                revision.name(),
                limits,
                resources.threads(),
                () -> new ExecutionEnvironment(revision, user, limits.initTimeout(), resources));
        long every = Math.max(1, Math.min(MAX_REAP_MILLIS, limits.idleTime().toMillis() / 4));
        this.reaping = resources.timer().scheduleWithFixedDelay(pool::reap, every, every, TimeUnit.MILLISECONDS);
    }

    /**
     * Invokes it; its timeout begins when the event is handed over, as on Lambda.
     *
     * @throws NotInvokedException if no environment is free, or none can be started
     * @throws InterruptedException if the caller gives up: the invocation's process is killed
     */
    @Override
    public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        return pool.invoke(request);
    }

    /** Returns the time of an invocation with a cold start and the killing of its processes, but at most 15 minutes. */
    @Override
    public Duration longestInvocation() {
        Duration longest = revision.timeout().plus(limits.initTimeout()).plus(TIME_TO_KILL);
        return longest.compareTo(MAX_INVOCATION) < 0 ? longest : MAX_INVOCATION;
    }

    /** Returns how many environments there are. */
    int environments() {
        return pool.size();
    }

    /** Kills all processes, whatever they are doing; returns when they have ended. */
    @Override
    public void kill() {
        reaping.cancel(false);
        try {
            pool.kill();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt(); // they are killed; nobody waits for their end
        }
    }

    @Override
    public void close() {
        kill();
        if (revision.code().startsWith(resources.codeFolder())) {
            deleteCode(revision);
        }
    }

    static void deleteCode(FunctionRevision copy) {
        try {
            Folders.delete(copy.code());
            if (copy.layers() != null) {
                Folders.delete(copy.layers());
            }
        } catch (IOException inUse) {
            LOG.warn("Could not delete a copy of code; it will be deleted at the next start: {}", inUse.toString());
        }
    }
}
