package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.internal.FunctionError;
import io.shardmill.lambda.internal.PlatformLog;
import io.shardmill.lambda.process.RuntimeSession.Waited;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves one invocation at a time: a process, replaced when it ends or is killed, and a folder for temporary files
 * that outlives it, as on Lambda (Lambda guide, "Understanding the Lambda execution environment lifecycle").
 * Invoked by one thread at a time; killed and closed by any.
 */
final class ExecutionEnvironment {

    /** How long an invoker waits for the process to ask for more before it leaves that to another thread. */
    private static final long NEXT_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String INIT = "init";
    private static final String INVOKE = "invoke";

    private final FunctionRevision revision;
    private final Duration initTimeout;
    private final FunctionLog log;
    private final PlatformLog platform;
    private final EnvironmentProcess process;
    private volatile long deadlineNanos; // of the newest invocation

    ExecutionEnvironment(FunctionRevision revision, ProcessUser user, Duration initTimeout, HostResources resources) {
        this.revision = revision;
        this.initTimeout = initTimeout;
        this.log = new FunctionLog(revision.name());
        this.platform = new PlatformLog(revision, log::platform, log::routine);
        this.process = new EnvironmentProcess(revision, user, resources, log);
    }

    /**
     * @throws NotInvokedException if this system has no process for it
     * @throws InterruptedException the invocation is given up and its process killed; but one that is still in its init
     *     phase is left to it, for the next invocation
     */
    InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        log.begin(request.requestId());
        try {
            long initNanos = initialize();
            platform.start(request);
            long begun = System.nanoTime();
            deadlineNanos = begun + revision.timeout().toNanos();
            RuntimeReply reply = reply(request);
            long duration = System.nanoTime() - begun;
            RuntimeProcess served = process.current();
            if (served != null) {
                served.catchUpWithOutput();
            }
            long peak = served == null ? 0 : served.peakMemoryMegabytes();
            platform.end(request, new PlatformLog.Usage(duration, initNanos, peak));
            InvokeResponse response = new InvokeResponse(
                    reply.payload(), reply.isError() ? InvokeResponse.UNHANDLED : null, log.end(), revision.version());
            awaitNext(served);
            return response;
        } catch (IOException noProcess) {
            throw new NotInvokedException(
                    "no process for function '" + revision.name() + "' can be started: " + noProcess.getMessage(),
                    noProcess);
        } finally {
            log.end();
        }
    }

    /**
     * Runs the init phase, if it needs one. When that fails, the start is tried again within the invocation, unless the code can't
     * be loaded.
     *
     * @return how long it took; 0 if there was none, or it failed
     */
    private long initialize() throws IOException, InterruptedException {
        RuntimeProcess current = process.current();
        if (current != null && current.session().isReady()) {
            return 0;
        }
        long begun = System.nanoTime();
        try {
            Start start = start(INIT, begun + initTimeout.toNanos());
            return start.waited() == Waited.DONE ? System.nanoTime() - begun : 0;
        } catch (InvalidEntrypointException invalid) {
            platform.initFailed(INIT, invalid.type(), 0);
            return 0;
        }
    }

    /** How the start of a process ended. */
    private record Start(RuntimeProcess process, Waited waited) {}

    /** Starts a process, if none lives, and waits until it asks for its first event; one that does not is killed. */
    private Start start(String phase, long latestNanos)
            throws InvalidEntrypointException, IOException, InterruptedException {
        RuntimeProcess current = process.living();
        Waited waited = current.session().awaitInitialized(latestNanos);
        if (waited != Waited.DONE) {
            EnvironmentProcess.end(current);
            initFailed(phase, waited, current);
        }
        return new Start(current, waited);
    }

    private void initFailed(String phase, Waited waited, RuntimeProcess failed) {
        long nanos = System.nanoTime() - failed.startedNanos();
        InitError error = failed.session().initError();
        if (waited == Waited.LATE || error == null) {
            platform.initFailed(phase, waited == Waited.LATE ? "" : "Runtime.ExitError", nanos);
        } else {
            platform.initReported(phase, error.type(), nanos);
        }
    }

    private RuntimeReply reply(InvokeRequest request) throws NotInvokedException, IOException, InterruptedException {
        RuntimeProcess current = process.current();
        if (current == null) {
            return replyOfNew(request);
        }
        InitError error = current.session().initError();
        if (error != null && error.isOfTheCode()) {
            return failure(request, current, Waited.ENDED);
        }
        RuntimeReply reply = current.session().isReady() ? replyOf(current, request) : null;
        return reply == null ? replyOfNew(request) : reply;
    }

    /** Invokes a process that is started within the invocation's time. */
    private RuntimeReply replyOfNew(InvokeRequest request)
            throws NotInvokedException, IOException, InterruptedException {
        try {
            Start start = start(INVOKE, deadlineNanos);
            if (start.waited() != Waited.DONE) {
                return failure(request, start.process(), start.waited());
            }
            RuntimeReply reply = replyOf(start.process(), request);
            return reply == null ? failure(request, start.process(), Waited.ENDED) : reply;
        } catch (InvalidEntrypointException invalid) {
            return failure(
                    FunctionError.ofRequest(invalid.type(), request.requestId(), String.valueOf(invalid.getMessage())));
        } catch (InterruptedException givenUp) {
            process.kill();
            throw givenUp;
        }
    }

    /** Invokes a process; returns null if it ended before it took the event, most likely while it was idle. */
    private @Nullable RuntimeReply replyOf(RuntimeProcess current, InvokeRequest request)
            throws NotInvokedException, InterruptedException {
        RuntimeInvocation invocation = new RuntimeInvocation(
                request,
                revision.arn(),
                Instant.now().plusNanos(deadlineNanos - System.nanoTime()).toEpochMilli());
        try {
            current.dispatch(invocation);
            Waited waited = current.session().awaitReply(invocation, deadlineNanos);
            if (RuntimeReply.OUT_OF_MEMORY.equals(invocation.reply)) {
                throw NotInvokedException.internal(new OutOfMemoryError("for the function's answer"));
            }
            if (invocation.reply != null) {
                return invocation.reply;
            }
            Throwable fault = invocation.handOverFault();
            if (fault != null) {
                EnvironmentProcess.end(current);
                throw NotInvokedException.internal(fault);
            }
            return waited == Waited.ENDED && !invocation.taken ? null : failure(request, current, waited);
        } catch (InterruptedException givenUp) {
            platform.abandoned(request);
            current.kill();
            throw givenUp;
        }
    }

    private RuntimeReply failure(InvokeRequest request, RuntimeProcess failed, Waited waited)
            throws NotInvokedException, InterruptedException {
        if (process.isOver()) {
            throw new NotInvokedException("function '" + revision.name() + "' was stopped while it ran");
        }
        EnvironmentProcess.end(failed);
        if (waited == Waited.LATE) {
            platform.timedOut(request);
            return RuntimeReply.error(FunctionError.timedOut(request.requestId(), revision.timeout()));
        }
        InitError initError = failed.session().initError();
        return initError != null
                ? new RuntimeReply(initError.document(), true)
                : failure(FunctionError.exited(request.requestId(), failed.exitStatus()));
    }

    private RuntimeReply failure(FunctionError error) {
        platform.failed(error);
        return RuntimeReply.error(error);
    }

    /** Nearly always a matter of microseconds, after which the environment can be used again. */
    private void awaitNext(@Nullable RuntimeProcess served) {
        if (served == null) {
            return;
        }
        try {
            Waited unused =
                    served.session().awaitReady(Math.min(deadlineNanos, System.nanoTime() + NEXT_TIMEOUT_NANOS));
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt(); // the answer stands
        }
    }

    /** Returns whether an invocation can be given to it without waiting for the end of the last one. */
    boolean isSettled() {
        RuntimeProcess current = process.current();
        return current == null
                || current.session().hasEnded()
                || current.session().isReady()
                || !current.session().isInitialized();
    }

    /** Waits for the end of the last invocation; at its deadline the process is killed. */
    void settle() throws InterruptedException {
        RuntimeProcess current = process.current();
        if (current != null && current.session().awaitReady(deadlineNanos) == Waited.LATE) {
            EnvironmentProcess.end(current);
        }
    }

    /** Kills its process and starts none any more; returns at once. What runs in it counts as not invoked. */
    void kill() {
        process.killForGood();
    }

    /** Kills its process, if it has one; returns at once. The next invocation starts another. */
    void killProcess() {
        process.kill();
    }

    /** Kills its process for good and deletes its folder; returns when that is done. */
    void close() throws InterruptedException {
        process.close();
    }
}
