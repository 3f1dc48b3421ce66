package io.shardmill.lambda.deploy;

import io.shardmill.lambda.injvm.DirectInvocation;
import io.shardmill.lambda.injvm.FunctionIdentity;
import io.shardmill.lambda.injvm.HandlerJarFunction;
import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.runtime.Deadlines;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lambda's Invoke of a handler in this JVM, in Lambda's words (spec 10.2). Its log tail has what the handler gives to its
 * {@code LambdaLogger}: what it prints goes where this process prints.
 */
final class JvmInvocation {

    private static final int MAX_RESPONSE_BYTES = 6_291_556;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final InvokeRequest request;
    private final FunctionIdentity function;
    private final Duration timeout;
    private final LogTail log = new LogTail();

    JvmInvocation(InvokeRequest request, FunctionIdentity function, Duration timeout) {
        this.request = request;
        this.function = function;
        this.timeout = timeout;
    }

    /**
     * Runs it on the calling thread. A handler that ignores the interrupt at its timeout goes on, and so does this.
     *
     * @throws InterruptedException if the caller gives up
     */
    InvokeResponse run(HandlerJarFunction handler, Deadlines deadlines) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        log.add("START RequestId: " + request.requestId() + " Version: " + function.version());
        long begun = System.nanoTime();
        Deadlines.Deadline deadline = deadlines.start(timeout, thread -> {});
        byte[] answer = null;
        byte[] error = null;
        try {
            answer = handler.invoke(new DirectInvocation(
                    new DirectInvocation.Caller(
                            request.requestId(),
                            request.arn(),
                            request.context().client()),
                    request.payload().bytes(),
                    deadline::remaining,
                    log::add));
        } catch (Throwable thrown) { // an Error of the handler's is its failure, not ours
            error = failed(thrown);
        }
        if (!deadline.returned()) {
            error = timedOut();
        } else if (answer != null && answer.length > MAX_RESPONSE_BYTES) {
            error = tooLarge();
        }
        end(System.nanoTime() - begun);
        return error != null || answer == null
                ? response(error == null ? new byte[0] : error, "Unhandled")
                : response(answer, null);
    }

    private InvokeResponse response(byte[] payload, @Nullable String functionError) {
        return new InvokeResponse(payload, functionError, log.bytes(), function.version());
    }

    private byte[] failed(Throwable thrown) {
        log.add(String.valueOf(thrown));
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("errorMessage", thrown.getMessage());
        error.put("errorType", thrown.getClass().getName());
        error.put(
                "stackTrace",
                Arrays.stream(thrown.getStackTrace())
                        .map(StackTraceElement::toString)
                        .toList());
        return JsonMapper.shared().writeValueAsBytes(error);
    }

    private byte[] timedOut() {
        String text = String.format(Locale.ROOT, "Task timed out after %.2f seconds", timeout.toMillis() / 1000.0);
        log.add(request.requestId() + " " + text);
        return JsonMapper.shared()
                .writeValueAsBytes(ordered(
                        "errorType",
                        "Sandbox.Timedout",
                        "errorMessage",
                        "RequestId: " + request.requestId() + " Error: " + text));
    }

    private static byte[] tooLarge() {
        return JsonMapper.shared()
                .writeValueAsBytes(ordered(
                        "errorMessage",
                        "Response payload size exceeded maximum allowed payload size (" + MAX_RESPONSE_BYTES
                                + " bytes).",
                        "errorType",
                        "Function.ResponseSizeTooLarge"));
    }

    private static Map<String, String> ordered(String key, String value, String secondKey, String secondValue) {
        Map<String, String> ordered = new LinkedHashMap<>();
        ordered.put(key, value);
        ordered.put(secondKey, secondValue);
        return ordered;
    }

    private void end(long nanos) {
        log.add("END RequestId: " + request.requestId());
        log.add(String.format(
                Locale.ROOT,
                "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB",
                request.requestId(),
                nanos / NANOS_PER_MILLI,
                (long) Math.ceil(nanos / NANOS_PER_MILLI),
                function.memoryLimitMegabytes()));
    }
}
