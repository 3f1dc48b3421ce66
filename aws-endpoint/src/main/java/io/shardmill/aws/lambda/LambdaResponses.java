package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Responses in Lambda's protocol. */
final class LambdaResponses {

    private static final String REQUEST_ID = "x-amzn-RequestId";
    private static final String JSON = "application/json";

    /** The errors whose text is under {@code Message}; of all others it is {@code message} (spec 10.1). */
    private static final List<String> CAPITAL_MESSAGE =
            List.of("ResourceNotFoundException", "ResourceInUseException", "ServiceException");

    private LambdaResponses() {}

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

    static AwsResponse.Whole error(AwsError error) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (error.reason() != null) {
            members.put("Reason", error.reason());
        }
        if (!error.code().equals("ValidationException")) {
            members.put("Type", "User");
        }
        members.put(CAPITAL_MESSAGE.contains(error.code()) ? "Message" : "message", error.message());
        return whole(
                error.status(),
                Map.of("Content-Type", JSON, "x-amzn-ErrorType", error.code()),
                JsonMapper.shared().writeValueAsBytes(members));
    }
}
