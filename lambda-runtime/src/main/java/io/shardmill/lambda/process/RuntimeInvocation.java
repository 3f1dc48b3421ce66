package io.shardmill.lambda.process;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.runtime.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An invocation on its way through the Runtime API. Guarded by its session. */
final class RuntimeInvocation {

    private final InvokeRequest request;
    private final HttpAnswer event;
    private volatile @Nullable Throwable handOverFault;

    /** Set when the runtime may have begun with it. */
    boolean taken;

    /** Null until the runtime has answered. */
    @Nullable
    RuntimeReply reply;

    /** @param deadlineMillis since the epoch */
    RuntimeInvocation(InvokeRequest request, String functionArn, long deadlineMillis) {
        this.request = request;
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Lambda-Runtime-Aws-Request-Id", request.requestId());
        headers.put("Lambda-Runtime-Deadline-Ms", Long.toString(deadlineMillis));
        add(headers, "Lambda-Runtime-Invoked-Function-Arn", request.arn() == null ? functionArn : request.arn());
        add(headers, "Lambda-Runtime-Trace-Id", request.context().trace());
        add(headers, "Lambda-Runtime-Client-Context", request.context().client());
        add(headers, "Lambda-Runtime-Cognito-Identity", request.context().identity());
        add(headers, "Lambda-Runtime-Aws-Tenant-Id", request.context().tenant());
        headers.put("Content-Type", "application/json");
        this.event = new HttpAnswer(200, headers, new HandedOver(request.payload()));
    }

    /** A line end within a caller's text must not begin another header. */
    private static void add(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            headers.put(name, value.replaceAll("\\p{Cntrl}", " "));
        }
    }

    String requestId() {
        return request.requestId();
    }

    /** Returns the answer to {@code /next}. */
    HttpAnswer event() {
        return event;
    }

    /** Returns the failure of this side while the event was written, of which the process has a part at most; or null. */
    @Nullable
    Throwable handOverFault() {
        return handOverFault;
    }

    /** Tells a failure of this side from one of the connection, which is an {@code IOException}. */
    private final class HandedOver implements Payload {

        private final Payload payload;

        private HandedOver(Payload payload) {
            this.payload = payload;
        }

        @Override
        public int size() {
            return payload.size();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            handOverFault = null;
            try {
                payload.writeTo(out);
            } catch (RuntimeException | Error fault) {
                handOverFault = fault;
                throw new IOException("an event could not be written", fault);
            }
        }
    }
}
