package io.shardmill.lambda.process;

import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What serves one invocation at a time: a process, replaced when it ends or is killed, and a folder for temporary files
 * that outlives it, as on Lambda (Lambda guide, "Understanding the Lambda execution environment lifecycle").
 * Invoked by one thread at a time.
 */
final class ExecutionEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionEnvironment.class);

    /** How long an invoker waits for the process to ask for more before it leaves that to another thread. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ProcessFunctionSettings settings;
    private final ProcessRuntime runtime;
    private final Path temporary;
    private final FunctionLog log;
    private final PlatformLines lines;

    private volatile @Nullable RuntimeProcess process;
    private volatile boolean closed;
    private long deadlineNanos; // of the last invocation

    ExecutionEnvironment(ProcessFunctionSettings settings, ProcessRuntime runtime) {
        this.settings = settings;
        this.runtime = runtime;
        this.temporary = runtime.environmentsFolder().resolve(UUID.randomUUID().toString());
        this.log = new FunctionLog(settings.identity().name());
        this.lines = new PlatformLines(log, settings);
    }

    /**
     * @throws NotInvokedException if this system has no process for it
     * @throws InterruptedException the invocation is given up and its process killed; but one that is still starting
     *     is left to it, for the next invocation
     */
    InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        log.begin(request.requestId());
        try {
            long initNanos = initialize();
            lines.start(request);
            long begun = System.nanoTime();
            deadlineNanos = begun + settings.limits().timeout().toNanos();
            RuntimeReply reply = reply(request);
            long duration = System.nanoTime() - begun;
            RuntimeProcess served = process;
            if (served != null) {
                served.catchUpWithOutput();
            }
            lines.end(request, duration, initNanos, served == null ? 0 : served.peakMemoryMegabytes());
            InvokeResponse response = new InvokeResponse(
                    reply.payload(), reply.isError() ? "Unhandled" : null, log.end(), FunctionProcess.VERSION);
            awaitNext(served);
            return response;
        } catch (IOException noProcess) {
            throw new NotInvokedException(
                    "no process for function '" + settings.identity().name() + "' can be started: "
                            + noProcess.getMessage(),
                    noProcess);
        } finally {
            log.end();
        }
    }

    /**
     * The init phase, if it needs one. When that fails, it is repeated within the invocation.
     *
     * @return how long it took; 0 if there was none, or it failed
     */
    private long initialize() throws IOException, InterruptedException {
        RuntimeProcess current = process;
        try {
            if (current == null || current.session().hasEnded()) {
                current = start();
            } else if (current.session().isReady()) {
                return 0;
            }
        } catch (BadStartException bad) {
            lines.initFailed("init", "error", bad.type(), 0);
            return 0;
        }
        long limit =
                current.startedNanos() + settings.environments().initTimeout().toNanos();
        RuntimeSession.Waited waited = current.session().awaitInitialized(limit);
        long took = System.nanoTime() - current.startedNanos();
        if (waited == RuntimeSession.Waited.DONE) {
            return took;
        }
        end(current);
        lines.initFailed("init", waited, took);
        process = null;
        return 0;
    }

    private RuntimeProcess start() throws BadStartException, IOException {
        RuntimeProcess started = RuntimeProcess.start(settings, runtime, temporary, log);
        process = started;
        if (closed) {
            started.kill(); // it came after close() had looked
        }
        return started;
    }

    private RuntimeReply reply(InvokeRequest request) throws NotInvokedException, IOException, InterruptedException {
        try {
            RuntimeProcess current = process;
            if (current != null) {
                RuntimeInvocation invocation = invocation(request);
                RuntimeSession.Waited waited = run(current, invocation);
                if (invocation.reply != null) {
                    return invocation.reply;
                }
                if (invocation.taken || waited == RuntimeSession.Waited.LATE) {
                    return failure(request, current, waited);
                }
                end(current); // it had ended while idle: that is nobody's error
            }
            return replyOfNew(request);
        } catch (BadStartException bad) {
            return failure(FunctionError.badStart(request.requestId(), bad));
        } catch (InterruptedException givenUp) {
            lines.givenUp(request);
            kill();
            throw givenUp;
        }
    }

    private RuntimeReply replyOfNew(InvokeRequest request)
            throws BadStartException, NotInvokedException, IOException, InterruptedException {
        RuntimeProcess started = start();
        RuntimeSession.Waited waited = started.session().awaitInitialized(deadlineNanos);
        if (waited != RuntimeSession.Waited.DONE) {
            end(started);
            lines.initFailed("invoke", waited, System.nanoTime() - started.startedNanos());
            return failure(request, started, waited);
        }
        RuntimeInvocation invocation = invocation(request);
        waited = run(started, invocation);
        return invocation.reply == null ? failure(request, started, waited) : invocation.reply;
    }

    private RuntimeInvocation invocation(InvokeRequest request) {
        Instant deadline = Instant.now().plusNanos(deadlineNanos - System.nanoTime());
        return new RuntimeInvocation(request, settings.identity().arn(), deadline.toEpochMilli());
    }

    private RuntimeSession.Waited run(RuntimeProcess current, RuntimeInvocation invocation)
            throws InterruptedException {
        current.session().dispatch(invocation);
        return current.session().awaitReply(invocation, deadlineNanos);
    }

    private RuntimeReply failure(InvokeRequest request, RuntimeProcess failed, RuntimeSession.Waited waited)
            throws NotInvokedException, InterruptedException {
        end(failed);
        if (closed) {
            throw new NotInvokedException("function '" + settings.identity().name() + "' was stopped while it ran");
        }
        byte[] initError = failed.session().initError();
        if (waited == RuntimeSession.Waited.LATE) {
            lines.timedOut(request);
            return RuntimeReply.error(FunctionError.timedOut(
                    request.requestId(), settings.limits().timeout().toMillis() / 1000.0));
        }
        return initError != null
                ? new RuntimeReply(initError, true)
                : failure(FunctionError.exited(request.requestId(), failed.exitStatus()));
    }

    private RuntimeReply failure(FunctionError error) {
        lines.failed(error);
        return RuntimeReply.error(error);
    }

    private static void end(RuntimeProcess ending) throws InterruptedException {
        ending.kill();
        if (!ending.awaitEnd()) {
            LOG.warn("process {} of a function does not end although it was killed", ending.pid());
        }
    }

    /** Nearly always a matter of microseconds, after which the environment can be used again. */
    private void awaitNext(@Nullable RuntimeProcess served) {
        if (served == null) {
            return;
        }
        try {
            served.session().awaitReady(Math.min(deadlineNanos, System.nanoTime() + GRACE_NANOS));
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt(); // the answer stands
        }
    }

    /** Whether an invocation can be given to it without waiting for the end of the last one. */
    boolean isSettled() {
        RuntimeProcess current = process;
        return current == null
                || current.session().hasEnded()
                || current.session().isReady()
                || !current.session().isInitialized();
    }

    /** Waits for the end of the last invocation; at its deadline the process is killed. */
    void settle() throws InterruptedException {
        RuntimeProcess current = process;
        if (current != null && current.session().awaitReady(deadlineNanos) == RuntimeSession.Waited.LATE) {
            end(current);
        }
    }

    /** Ends its process for good; returns at once. What runs in it counts as not invoked. */
    void stop() {
        closed = true;
        kill();
    }

    private void kill() {
        RuntimeProcess current = process;
        if (current != null) {
            current.kill();
        }
    }

    /** Ends its process and deletes its folder; returns when that is done. */
    void close() throws InterruptedException {
        closed = true;
        RuntimeProcess current = process;
        if (current != null) {
            end(current);
        }
        try {
            Folders.delete(temporary);
        } catch (IOException inUse) {
            LOG.warn(
                    "the folder {} of an ended execution environment cannot be deleted: {}",
                    temporary,
                    inUse.getMessage());
        }
    }
}
