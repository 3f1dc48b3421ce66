package io.shardmill.destinations.aws;

import com.sun.net.httpserver.HttpExchange;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Buckets by path, whose objects are put, listed and got; a body must be what its hash and checksum say. */
final class S3StandIn extends HttpStandIn {

    private record Stored(String contentType, byte[] bytes) {}

    private final Map<String, NavigableMap<String, Stored>> buckets = new ConcurrentHashMap<>();

    @Override
    Answer answer(HttpExchange exchange, byte[] body) {
        String[] path = exchange.getRequestURI().getPath().split("/", 3);
        String bucket = path[1];
        String key = path.length < 3 ? "" : path[2];
        boolean put = exchange.getRequestMethod().equals("PUT");
        if (put && key.isEmpty()) {
            buckets.putIfAbsent(bucket, new ConcurrentSkipListMap<>());
            return Answer.xml(200, "");
        }
        NavigableMap<String, Stored> objects = buckets.get(bucket);
        if (objects == null) {
            return error(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        if (put) {
            return put(exchange, objects, key, body);
        }
        return key.isEmpty() ? list(bucket, objects) : get(objects, key);
    }

    private static Answer put(HttpExchange exchange, NavigableMap<String, Stored> objects, String key, byte[] body) {
        String hash = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
        if (!HexFormat.of().formatHex(sha256(body)).equals(hash)) {
            return error(400, "XAmzContentSHA256Mismatch", "The body has not the hash " + hash);
        }
        String checksum = exchange.getRequestHeaders().getFirst("x-amz-checksum-crc32");
        if (!crc32(body).equals(checksum)) {
            return error(400, "BadDigest", "The body has not the CRC32 " + checksum);
        }
        objects.put(key, new Stored(exchange.getRequestHeaders().getFirst("Content-Type"), body));
        return Answer.xml(200, "");
    }

    private static Answer list(String bucket, NavigableMap<String, Stored> objects) {
        String contents = new TreeMap<>(objects)
                .keySet().stream()
                        .map(key -> "<Contents><Key>" + key + "</Key></Contents>")
                        .collect(Collectors.joining());
        return Answer.xml(
                200,
                "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + bucket
                        + "</Name><IsTruncated>false</IsTruncated>" + contents + "</ListBucketResult>");
    }

    private static Answer get(NavigableMap<String, Stored> objects, String key) {
        Stored stored = objects.get(key);
        return stored == null
                ? error(404, "NoSuchKey", "The specified key does not exist.")
                : new Answer(200, stored.contentType(), stored.bytes());
    }

    private static Answer error(int status, String code, String message) {
        return Answer.xml(
                status,
                "<Error><Code>" + code + "</Code><Message>" + message + "</Message><RequestId>" + UUID.randomUUID()
                        + "</RequestId></Error>");
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String crc32(byte[] body) {
        CRC32 sum = new CRC32();
        sum.update(body);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) sum.getValue())
                        .array());
    }
}
