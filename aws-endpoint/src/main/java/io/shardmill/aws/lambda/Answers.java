package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers in Lambda's protocol. */
final class Answers {

    private static final String REQUEST_ID = "x-amzn-RequestId";
    private static final String JSON = "application/json";

    /** Errors whose text is under {@code Message}; of all others it is {@code message} (spec 10.1). */
    private static final List<String> CAPITAL_MESSAGE =
            List.of("ResourceNotFoundException", "ResourceInUseException", "ServiceException");

    private Answers() {}

    static AwsResponse.Whole json(int status, Map<String, ?> members) {
        return whole(status, Map.of("Content-Type", JSON), JsonMapper.shared().writeValueAsBytes(members));
    }

    static AwsResponse.Whole nothing(int status) {
        return whole(status, Map.of(), new byte[0]);
    }

    /** With a request id of its own, if it has none. */
    static AwsResponse.Whole whole(int status, Map<String, String> headers, byte[] body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putIfAbsent(REQUEST_ID, UUID.randomUUID().toString());
        return new AwsResponse.Whole(status, all, body);
    }

    /** To the invocation of that request id. */
    static AwsResponse.Whole invoked(int status, String requestId, Map<String, String> headers, byte[] payload) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(REQUEST_ID, requestId);
        if (payload.length > 0) {
            all.put("Content-Type", JSON);
        }
        return new AwsResponse.Whole(status, all, payload);
    }

    static AwsResponse.Whole refusal(LambdaRefusal refused) {
        return error(refused.status(), refused.code(), refused.text(), refused.reason());
    }

    static AwsResponse.Whole error(int status, String code, String message, @Nullable String reason) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (reason != null) {
            members.put("Reason", reason);
        }
        if (!code.equals("ValidationException")) {
            members.put("Type", "User");
        }
        members.put(CAPITAL_MESSAGE.contains(code) ? "Message" : "message", message);
        return whole(
                status,
                Map.of("Content-Type", JSON, "x-amzn-ErrorType", code),
                JsonMapper.shared().writeValueAsBytes(members));
    }
}
