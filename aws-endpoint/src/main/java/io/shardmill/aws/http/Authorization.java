package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request's {@code Authorization} header says (AWS's "Create a signed AWS API request").
 *
 * @param scope {@code date/region/service/aws4_request}
 * @param signedHeaders in lower case, in their order
 * @param signature hexadecimal
 */
record Authorization(String accessKeyId, Scope scope, List<String> signedHeaders, String signature) {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** @param date {@code yyyyMMdd} */
    record Scope(String date, String region, String service) {

        static final String END = "aws4_request";

        @Override
        public String toString() {
            return String.join("/", date, region, service, END);
        }
    }

    static Authorization of(RequestHead head) {
        String header = head.header("authorization");
        if (head.parameter("X-Amz-Algorithm") != null || head.parameter("X-Amz-Signature") != null) {
            throw incomplete("Signatures in the query are not accepted: sign in the Authorization header.");
        }
        if (header == null || header.isBlank()) {
            throw new AwsException(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        String[] parts = header.trim().split("\\s+", 2);
        if (!parts[0].equals(ALGORITHM)) {
            throw incomplete("Unsupported AWS 'algorithm': '" + parts[0] + "'.");
        }
        Map<String, String> parameters = parameters(parts.length == 2 ? parts[1] : "");
        String credential = parameters.get("Credential");
        String signedHeaders = parameters.get("SignedHeaders");
        String signature = parameters.get("Signature");
        if (credential == null || signedHeaders == null || signature == null) {
            throw incomplete(ifMissing("Credential", credential)
                    + ifMissing("Signature", signature)
                    + ifMissing("SignedHeaders", signedHeaders).strip());
        }
        String[] scope = credential.split("/", -1);
        if (scope.length != 5 || !scope[4].equals(Scope.END)) {
            throw incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/aws4_request.");
        }
        return new Authorization(
                scope[0], new Scope(scope[1], scope[2], scope[3]), List.of(signedHeaders.split(";", -1)), signature);
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return parameters;
    }

    private static String ifMissing(String name, @Nullable String value) {
        return value == null ? "Authorization header requires '" + name + "' parameter. " : "";
    }

    static AwsException incomplete(String message) {
        return new AwsException(403, "IncompleteSignatureException", message);
    }
}
