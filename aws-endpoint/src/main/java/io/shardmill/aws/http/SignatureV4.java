package io.shardmill.aws.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS's Signature Version 4 of a request with a body that is signed whole, as all services but S3 have it (AWS's "Create
 * a signed AWS API request"). AWS's own signer can't say what a request is signed with that doesn't repeat its body's
 * hash in a header: the AWS CLI's don't.
 */
final class SignatureV4 {

    private static final String MAC = "HmacSHA256";
    private static final String UNRESERVED = "-._~";

    private SignatureV4() {}

    /**
     * In hexadecimal, in lower case.
     *
     * @param timestamp {@code yyyyMMdd'T'HHmmss'Z'}
     */
    static String of(AwsRequest request, Authorization authorization, String timestamp, String secret) {
        String scope = authorization.scope().toString();
        String canonical = canonical(request, authorization.signedHeaders());
        String toSign = String.join("\n", Authorization.ALGORITHM, timestamp, scope, sha256(utf8(canonical)));
        byte[] key = utf8("AWS4" + secret);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException unlikely) {
            throw new IllegalStateException(unlikely);
        }
    }

    private static String canonical(AwsRequest request, List<String> signedHeaders) {
        RequestHead head = request.head();
        String headers = signedHeaders.stream()
                .map(name -> name + ":" + values(head, name) + "\n")
                .collect(Collectors.joining());
        return String.join(
                "\n",
                head.method(),
                path(head.wholePath()),
                query(head.query()),
                headers,
                String.join(";", signedHeaders),
                sha256(request.body()));
    }

    /** What is encoded already is encoded once more. */
    private static String path(String path) {
        return encoded(normalized(path), UNRESERVED + "/");
    }

    private static String normalized(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return segments.isEmpty() ? "/" : "/" + String.join("/", segments) + (path.endsWith("/") ? "/" : "");
    }

    private static String query(Map<String, List<String>> query) {
        return query.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value -> Map.entry(encoded(parameter.getKey(), UNRESERVED), encoded(value, UNRESERVED))))
                .sorted(Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry.comparingByValue()))
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String values(RequestHead head, String name) {
        return head.headers().getOrDefault(name, List.of()).stream()
                .map(value -> value.strip().replaceAll(" +", " "))
                .collect(Collectors.joining(","));
    }

    private static String encoded(String text, String kept) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : utf8(text)) {
            char character = (char) (each & 0xFF);
            boolean plain = character < 0x80 && (Character.isLetterOrDigit(character) || kept.indexOf(character) >= 0);
            encoded.append(plain ? String.valueOf(character) : String.format("%%%02X", (int) character));
        }
        return encoded.toString();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException unlikely) {
            throw new IllegalStateException(unlikely);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
