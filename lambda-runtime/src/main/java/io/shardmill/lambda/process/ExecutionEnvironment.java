package io.shardmill.lambda.process;

import io.shardmill.lambda.Folders;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What serves one invocation at a time: a process, replaced when it ends or is killed, and a folder for temporary files
 * that outlives it, as on Lambda (Lambda guide, "Understanding the Lambda execution environment lifecycle").
 * Invoked by one thread at a time, or by as many as its settings allow.
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
    private final ReentrantLock starting = new ReentrantLock();
    private volatile long lastDeadlineNanos; // of the newest invocation

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
            long deadline = begun + settings.limits().timeout().toNanos();
            lastDeadlineNanos = deadline;
            RuntimeReply reply = reply(request, deadline);
            long duration = System.nanoTime() - begun;
            RuntimeProcess served = process;
            if (served != null) {
                served.catchUpWithOutput();
            }
            lines.end(request, duration, initNanos, served == null ? 0 : served.peakMemoryMegabytes());
            InvokeResponse response = new InvokeResponse(
                    reply.payload(),
                    reply.isError() ? "Unhandled" : null,
                    log.end(request.requestId()),
                    settings.identity().version());
            awaitNext(served, deadline);
            return response;
        } catch (IOException noProcess) {
            throw new NotInvokedException(
                    "no process for function '" + settings.identity().name() + "' can be started: "
                            + noProcess.getMessage(),
                    noProcess);
        } finally {
            log.end(request.requestId());
        }
    }

    /**
     * The init phase, if it needs one. When that fails, it is repeated within the invocation.
     *
     * @return how long it took; 0 if there was none, or it failed
     */
    private long initialize() throws IOException, InterruptedException {
        starting.lockInterruptibly();
        try {
            RuntimeProcess current = process;
            if (current == null || current.session().hasEnded()) {
                current = start();
            } else if (current.session().isReady()) {
                return 0;
            }
            long limit = current.startedNanos()
                    + settings.environments().initTimeout().toNanos();
            RuntimeSession.Waited waited = current.session().awaitInitialized(limit);
            long took = System.nanoTime() - current.startedNanos();
            if (waited == RuntimeSession.Waited.DONE) {
                return took;
            }
            end(current);
            lines.initFailed("init", waited, took);
            process = null;
        } catch (BadStartException bad) {
            lines.initFailed("init", "error", bad.type(), 0);
        } finally {
            starting.unlock();
        }
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

    private RuntimeReply reply(InvokeRequest request, long deadline)
            throws NotInvokedException, IOException, InterruptedException {
        try {
            RuntimeProcess current = process;
            RuntimeReply reply = current == null ? null : replyOf(current, request, deadline);
            return reply == null ? replyOfNew(request, deadline) : reply;
        } catch (BadStartException bad) {
            return failure(FunctionError.badStart(request.requestId(), bad));
        }
    }

    /** With a process started within the invocation; or by another one at the same time. */
    private RuntimeReply replyOfNew(InvokeRequest request, long deadline)
            throws BadStartException, NotInvokedException, IOException, InterruptedException {
        RuntimeProcess started;
        starting.lockInterruptibly();
        try {
            RuntimeProcess current = process;
            started = current == null || current.session().hasEnded() ? start() : current;
            RuntimeSession.Waited waited = started.session().awaitInitialized(deadline);
            if (waited != RuntimeSession.Waited.DONE) {
                end(started);
                lines.initFailed("invoke", waited, System.nanoTime() - started.startedNanos());
                return failure(request, started, waited);
            }
        } catch (InterruptedException givenUp) {
            kill();
            throw givenUp;
        } finally {
            starting.unlock();
        }
        RuntimeReply reply = replyOf(started, request, deadline);
        return reply == null ? failure(request, started, RuntimeSession.Waited.ENDED) : reply;
    }

    /** Null if the process ended before it could take the event, most likely while it was idle: that is nobody's error. */
    private @Nullable RuntimeReply replyOf(RuntimeProcess current, InvokeRequest request, long deadline)
            throws NotInvokedException, InterruptedException {
        RuntimeInvocation invocation = new RuntimeInvocation(
                request,
                settings.identity().arn(),
                Instant.now().plusNanos(deadline - System.nanoTime()).toEpochMilli());
        try {
            current.session().dispatch(invocation);
            current.begin();
            RuntimeSession.Waited waited = current.session().awaitReply(invocation, deadline);
            if (RuntimeReply.OUT_OF_MEMORY.equals(invocation.reply)) {
                throw NotInvokedException.internal(new OutOfMemoryError("for the function's answer"));
            }
            if (invocation.reply != null) {
                return invocation.reply;
            }
            Throwable fault = invocation.handOverFault();
            if (fault != null) {
                abandon(current, invocation);
                throw NotInvokedException.internal(fault);
            }
            if (waited == RuntimeSession.Waited.ENDED && !invocation.taken) {
                return null;
            }
            if (waited == RuntimeSession.Waited.LATE) {
                abandon(current, invocation);
            }
            return failure(request, current, waited);
        } catch (InterruptedException givenUp) {
            lines.givenUp(request);
            if (isAlone()) {
                current.kill();
            } else {
                current.session().giveUp(invocation);
            }
            throw givenUp;
        }
    }

    private boolean isAlone() {
        return settings.environments().concurrency() == 1;
    }

    /** At its deadline; a process that serves others too goes on. */
    private void abandon(RuntimeProcess current, RuntimeInvocation invocation) throws InterruptedException {
        if (isAlone()) {
            end(current);
        } else {
            current.session().giveUp(invocation);
        }
    }

    private RuntimeReply failure(InvokeRequest request, RuntimeProcess failed, RuntimeSession.Waited waited)
            throws NotInvokedException, InterruptedException {
        if (closed) {
            throw new NotInvokedException("function '" + settings.identity().name() + "' was stopped while it ran");
        }
        if (waited == RuntimeSession.Waited.LATE) {
            lines.timedOut(request);
            return RuntimeReply.error(FunctionError.timedOut(
                    request.requestId(), settings.limits().timeout().toMillis() / 1000.0));
        }
        end(failed);
        byte[] initError = failed.session().initError();
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
    private void awaitNext(@Nullable RuntimeProcess served, long deadline) {
        if (served == null) {
            return;
        }
        try {
            served.session().awaitReady(Math.min(deadline, System.nanoTime() + GRACE_NANOS));
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
        if (current != null && current.session().awaitReady(lastDeadlineNanos) == RuntimeSession.Waited.LATE) {
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
