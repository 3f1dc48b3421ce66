package io.shardmill.lambda.injvm;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.internal.FunctionError;
import io.shardmill.lambda.internal.LogTail;
import io.shardmill.lambda.internal.PlatformLog;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.NotInvokedException;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Invoke of a handler in this JVM, in Lambda's words (spec 10.2). Its log tail has what the handler gives to its
 * {@code LambdaLogger}: what it prints goes where this process prints.
 */
final class JvmInvocation {

    private final InvokeRequest request;
    private final FunctionRevision revision;
    private final LogTail tail = new LogTail();
    private final PlatformLog platform;

    JvmInvocation(InvokeRequest request, FunctionRevision revision) {
        this.request = request;
        this.revision = revision;
        this.platform = new PlatformLog(revision, tail::add);
    }

    private record Outcome(byte[] payload, @Nullable String functionError) {

        static Outcome of(FunctionError error) {
            return new Outcome(error.json(), InvokeResponse.UNHANDLED);
        }
    }

    /**
     * Runs it on the calling thread, which is interrupted at the timeout.
     *
     * @throws NotInvokedException if there is no memory for the event
     * @throws InterruptedException if the caller has given up before it began
     */
    InvokeResponse run(LoadedCode code, HandlerCaller caller, Deadlines deadlines)
            throws NotInvokedException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        platform.start(request);
        long begun = System.nanoTime();
        Outcome outcome;
        boolean inTime;
        Deadlines.Deadline deadline = deadlines.start(revision.timeout(), DeadlineListener.IGNORED);
        try {
            outcome = call(code, caller, deadline);
        } finally {
            inTime = deadline.returned();
        }
        if (!inTime) {
            platform.timedOut(request);
            outcome = Outcome.of(FunctionError.timedOut(request.requestId(), revision.timeout()));
        }
        platform.end(request, new PlatformLog.Usage(System.nanoTime() - begun, 0, 0));
        return new InvokeResponse(outcome.payload(), outcome.functionError(), tail.bytes(), revision.version());
    }

    private Outcome call(LoadedCode code, HandlerCaller caller, Deadlines.Deadline deadline)
            throws NotInvokedException {
        try {
            byte[] answer = code.with(handler -> caller.call(handler, request, deadline::remaining, tail::add));
            return answer.length > InvokeResponse.MAX_BYTES
                    ? Outcome.of(FunctionError.responseTooLarge())
                    : new Outcome(answer, null);
        } catch (NotInvokedException noMemory) {
            throw noMemory;
        } catch (Throwable thrown) { // an Error of the handler's is its failure, not ours
            caller.logger().also(tail::add).failed(request.requestId(), thrown);
            return Outcome.of(FunctionError.thrown(thrown));
        }
    }
}
