package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionDetails;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.NotInvokedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Lambda's Invoke (spec 10.2). Reserved concurrency is shared with the batches of mappings; unlike on Lambda there is no limit
 * of the account, but each function has 1,000 execution environments at most.
 */
final class InvokeOperation {

    private static final Logger LOG = LoggerFactory.getLogger(InvokeOperation.class);

    static final int MAX_BYTES = 6_291_456;
    static final int MAX_EVENT_BYTES = 1_048_576;
    private static final int MAX_CLIENT_CONTEXT = 3_583;

    private final DeployedFunctions functions;
    private static final Shape INPUT = Shape.of(FunctionMembers.FUNCTION_NAME, FunctionMembers.QUALIFIER);

    private final FunctionNames names;
    private final AsynchronousInvocations asynchronous;

    InvokeOperation(DeployedFunctions functions, FunctionNames names, AsynchronousInvocations asynchronous) {
        this.functions = functions;
        this.names = names;
        this.asynchronous = asynchronous;
    }

    LambdaOperation operation() {
        return LambdaOperation.ofPayload(
                        "Invoke", "POST functions/{FunctionName}/invocations?Qualifier", INPUT, this::run)
                .withMaxBody(InvokeOperation::maxBytes);
    }

    /** The longest payload of a request's kind of invocation. */
    static int maxBytes(RequestHead head) {
        return type(head).equals("Event") ? MAX_EVENT_BYTES : MAX_BYTES;
    }

    private static String type(RequestHead head) {
        String type = head.header("X-Amz-Invocation-Type");
        return type == null || type.isEmpty() ? "RequestResponse" : type;
    }

    private AwsResponse run(Call call) throws InterruptedException {
        FunctionRef function = names.of(call.request());
        String type = type(call.head());
        if (call.body().length > maxBytes(call.head())) {
            throw LambdaErrors.tooLarge(maxBytes(call.head()), "InvokeFunction");
        }
        requireJson(call.body());
        requireActive(function);
        InvokeRequest request = request(function, call);
        if (type.equals("DryRun")) {
            return LambdaResponses.invoked(204, request.requestId(), Map.of(), new byte[0]);
        } else if (type.equals("Event")) {
            asynchronous.submit(function, request);
            return LambdaResponses.invoked(202, request.requestId(), Map.of(), new byte[0]);
        } else if (type.equals("RequestResponse")) {
            return invoke(function, request, "Tail".equals(call.head().header("X-Amz-Log-Type")));
        }
        throw AwsException.validation("1 validation error detected: Value '" + type
                + "' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event,"
                + " RequestResponse, DryRun]");
    }

    private static void requireJson(byte[] payload) {
        if (payload.length == 0) {
            return;
        }
        try (JsonParser json = PayloadJson.parser(payload)) {
            if (json.nextToken() != null) {
                JsonParser unused = json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw unparsable("there is something after its end");
            }
        } catch (JacksonException malformed) {
            throw unparsable(malformed.getOriginalMessage());
        }
    }

    private static AwsException unparsable(String why) {
        return LambdaErrors.invalidContent("Could not parse request body into json: " + why);
    }

    private void requireActive(FunctionRef function) {
        FunctionDescription found = functions
                .describe(function.name(), function.qualifier())
                .orElseThrow(() -> function.qualifier() == null
                        ? names.notFound(function.with(FunctionDetails.LATEST))
                        : names.notFound(function));
        if (!found.active()) {
            throw LambdaErrors.conflict("The operation cannot be performed at this time. The function is currently in"
                    + " the following state: Failed. " + found.failure());
        }
    }

    private InvokeRequest request(FunctionRef function, Call call) {
        RequestHead head = call.head();
        return new InvokeRequest(
                UUID.randomUUID().toString(),
                call.body(),
                names.arn(function),
                new InvokeRequest.Context(
                        head.header("X-Amzn-Trace-Id"),
                        clientContext(head.header("X-Amz-Client-Context")),
                        null,
                        head.header("X-Amz-Tenant-Id")));
    }

    private static @Nullable String clientContext(@Nullable String base64) {
        if (base64 == null || base64.isEmpty()) {
            return null;
        }
        try {
            if (base64.length() <= MAX_CLIENT_CONTEXT) {
                String json = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
                requireJson(json.getBytes(StandardCharsets.UTF_8));
                return json;
            }
        } catch (IllegalArgumentException | AwsException unreadable) {
            // told below
        }
        throw LambdaErrors.invalidContent("Client context must be a valid Base64-encoded JSON object of at most "
                + MAX_CLIENT_CONTEXT + " bytes.");
    }

    private AwsResponse invoke(FunctionRef function, InvokeRequest request, boolean withLog)
            throws InterruptedException {
        InvokeResponse response;
        try {
            response = functions.invoke(function.name(), function.qualifier(), request);
        } catch (NotInvokedException notInvoked) {
            throw refusal(function, notInvoked);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Amz-Executed-Version", response.executedVersion());
        if (response.functionError() != null) {
            headers.put("X-Amz-Function-Error", response.functionError());
        }
        if (withLog) {
            headers.put("X-Amz-Log-Result", Base64.getEncoder().encodeToString(response.logTail()));
        }
        return LambdaResponses.invoked(200, request.requestId(), headers, response.payload());
    }

    private AwsException refusal(FunctionRef function, NotInvokedException notInvoked) {
        if (notInvoked.isThrottled()) {
            boolean reserved = functions
                    .describe(function.name())
                    .filter(found ->
                            found.configuration().settings().reservedConcurrency() != FunctionSettings.UNLIMITED)
                    .isPresent();
            return LambdaErrors.tooMany(
                    "Rate Exceeded.",
                    reserved
                            ? "ReservedFunctionConcurrentInvocationLimitExceeded"
                            : "ConcurrentInvocationLimitExceeded");
        }
        LOG.warn("Function '{}' could not be invoked: {}", function.name(), notInvoked.reason()); // may name files
        return LambdaErrors.service("The function can't be run now; the server's log says why");
    }
}
