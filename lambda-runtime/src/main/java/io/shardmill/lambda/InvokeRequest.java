package io.shardmill.lambda;

import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a function, in the raw form of Lambda's Invoke.
 *
 * @param requestId 1 to 128 letters, digits and {@code -}
 * @param payload handed over unchanged; up to 6 MB, written straight to where the function runs
 * @param arn the function's ARN as the caller wrote it (with a qualifier or without); null for the function's own
 */
public record InvokeRequest(
        String requestId, Payload payload, @Nullable String arn, Context context) {

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9-]{1,128}");

    public InvokeRequest {
        if (!ID.matcher(requestId).matches()) {
            throw new IllegalArgumentException("request id: must be 1 to 128 letters, digits and '-'");
        }
    }

    /** Takes a payload that is in memory already. */
    public InvokeRequest(String requestId, byte[] payload, @Nullable String arn, Context context) {
        this(requestId, Payload.of(payload), arn, context);
    }

    /**
     * Carries what a caller may add; each null if it added none.
     *
     * @param trace {@code Root=...;Parent=...;Sampled=...}
     * @param client JSON, after the caller's base64 is decoded
     * @param identity JSON with {@code cognitoIdentityId} and {@code cognitoIdentityPoolId}
     */
    public record Context(
            @Nullable String trace,
            @Nullable String client,
            @Nullable String identity,
            @Nullable String tenant) {

        public static final Context NONE = new Context(null, null, null, null);
    }

    /**
     * Returns the invocation with a batch's event.
     *
     * @param arn as the mapping names the function; null for the function's own
     */
    public static InvokeRequest of(Invocation invocation, @Nullable String arn) {
        return new InvokeRequest(invocation.attempt().requestId(), invocation.event(), arn, Context.NONE);
    }

    /** Returns an invocation with a request id of its own and nothing else. */
    public static InvokeRequest of(byte[] payload) {
        return new InvokeRequest(UUID.randomUUID().toString(), payload, null, Context.NONE);
    }

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "InvokeRequest[" + requestId + ", " + payload.size() + " bytes]";
    }
}
