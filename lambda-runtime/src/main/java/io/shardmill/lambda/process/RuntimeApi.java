package io.shardmill.lambda.process;

import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.internal.FunctionError;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP face of a session: Lambda's Runtime API, version 2018-06-01 (Lambda guide, "Using the Lambda runtime API"). */
final class RuntimeApi implements LoopbackServer.Handler {

    private static final String BASE = "/2018-06-01";
    private static final Pattern ANSWER = Pattern.compile(BASE + "/runtime/invocation/([^/]+)/(response|error)");
    private static final String FILTERED_ERROR = "application/vnd.aws.lambda.error.cause+json";
    private static final byte[] NOTHING = new byte[0];
    private static final JsonMapper JSON = JsonMapper.shared();

    private final RuntimeSession session;

    RuntimeApi(RuntimeSession session) {
        this.session = session;
    }

    @Override
    public @Nullable HttpAnswer answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            HttpAnswer answer = route(request);
            request.body().discard();
            return answer;
        } catch (RefusedCallException refused) {
            request.body().discard();
            return refused.answer();
        }
    }

    private @Nullable HttpAnswer route(HttpRequest request)
            throws IOException, InterruptedException, RefusedCallException {
        String path = request.path();
        if (path.equals(BASE + "/runtime/invocation/next")) {
            return request.method().equals("GET") ? next(request) : HttpAnswer.METHOD_NOT_ALLOWED;
        }
        if (path.equals(BASE + "/ping")) {
            return request.method().equals("GET") ? HttpAnswer.text(200, "pong") : HttpAnswer.METHOD_NOT_ALLOWED;
        }
        boolean initError = path.equals(BASE + "/runtime/init/error");
        Matcher answer = ANSWER.matcher(path);
        if (!initError && !answer.matches()) {
            return HttpAnswer.NOT_FOUND;
        }
        if (!request.method().equals("POST")) {
            return HttpAnswer.METHOD_NOT_ALLOWED;
        }
        if (initError) {
            return initError(request);
        }
        return answer.group(2).equals("response")
                ? response(answer.group(1), request)
                : error(answer.group(1), request);
    }

    private @Nullable HttpAnswer next(HttpRequest request)
            throws IOException, InterruptedException, RefusedCallException {
        request.body().discard();
        RuntimeInvocation invocation = session.next(request::isAbandoned);
        return invocation == null ? null : invocation.event();
    }

    private HttpAnswer response(String requestId, HttpRequest request) throws RefusedCallException {
        RuntimeInvocation invocation = session.begin(requestId, RuntimeState.INVOCATION_RESPONSE);
        RuntimeReply reply = RuntimeReply.error(FunctionError.truncatedResponse());
        HttpAnswer answer = HttpAnswer.TRUNCATED;
        try {
            String mode = request.header("lambda-runtime-function-response-mode");
            if (mode != null && !mode.equals("streaming")) {
                reply = new RuntimeReply(NOTHING, true);
                answer = HttpAnswer.INVALID_RESPONSE_MODE;
            } else {
                byte[] body = request.body().read(InvokeResponse.MAX_BYTES);
                reply = body == null ? RuntimeReply.error(FunctionError.responseTooLarge()) : reply(body, request);
                answer = body == null ? HttpAnswer.TOO_LARGE : HttpAnswer.ACCEPTED;
            }
        } catch (IOException broken) {
            // the reply and the answer are those of a truncated request
        } catch (OutOfMemoryError full) {
            reply = RuntimeReply.OUT_OF_MEMORY;
            answer = HttpAnswer.INTERNAL_ERROR;
        } finally {
            session.finish(invocation, reply);
        }
        return answer;
    }

    /** A stream's function may fail half-way: then trailers say so. */
    private static RuntimeReply reply(byte[] body, HttpRequest request) {
        Map<String, String> trailers = request.body().trailers();
        return trailers.containsKey("lambda-runtime-function-error-type")
                ? new RuntimeReply(decoded(trailers.get("lambda-runtime-function-error-body")), true)
                : new RuntimeReply(body, false);
    }

    private static byte[] decoded(@Nullable String base64) {
        try {
            return base64 == null ? NOTHING : java.util.Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException noBase64) {
            return NOTHING;
        }
    }

    private HttpAnswer error(String requestId, HttpRequest request) throws RefusedCallException {
        RuntimeInvocation invocation = session.begin(requestId, RuntimeState.INVOCATION_ERROR_RESPONSE);
        RuntimeReply reply = RuntimeReply.error(FunctionError.truncatedResponse());
        HttpAnswer answer = HttpAnswer.TRUNCATED;
        try {
            byte[] body = request.body().read(InvokeResponse.MAX_BYTES);
            reply = body == null
                    ? RuntimeReply.error(FunctionError.responseTooLarge())
                    : new RuntimeReply(errorBody(body, request), true);
            answer = body == null ? HttpAnswer.TOO_LARGE : HttpAnswer.ACCEPTED;
        } catch (IOException broken) {
            // the reply and the answer are those of a truncated request
        } catch (OutOfMemoryError full) {
            reply = RuntimeReply.OUT_OF_MEMORY;
            answer = HttpAnswer.INTERNAL_ERROR;
        } finally {
            session.finish(invocation, reply);
        }
        return answer;
    }

    /** Taken as it is, but for one content type of which only the known fields count. */
    private static byte[] errorBody(byte[] body, HttpRequest request) {
        if (!FILTERED_ERROR.equals(request.header("content-type"))) {
            return body;
        }
        try {
            JsonNode error = JSON.readTree(body);
            ObjectNode kept = JSON.createObjectNode();
            for (String field : new String[] {"errorMessage", "errorType", "stackTrace"}) {
                if (error.has(field)) {
                    kept.set(field, error.get(field));
                }
            }
            if (error.isObject()) {
                return JSON.writeValueAsBytes(kept);
            }
        } catch (JacksonException unreadable) {
            // falls through
        }
        return "\"Invalid error body\"".getBytes(StandardCharsets.UTF_8);
    }

    private HttpAnswer initError(HttpRequest request) throws IOException, RefusedCallException {
        session.beginInitError();
        byte[] body = NOTHING;
        try {
            byte[] read = request.body().read(InvokeResponse.MAX_BYTES);
            body = read == null ? NOTHING : read;
        } catch (EOFException broken) {
            return HttpAnswer.TRUNCATED;
        } finally {
            session.finishInitError(InitError.of(body));
        }
        return HttpAnswer.ACCEPTED;
    }
}
