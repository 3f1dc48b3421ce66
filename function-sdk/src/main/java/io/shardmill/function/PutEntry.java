package io.shardmill.function;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record to put.
 *
 * @param partitionKey 1 to 256 Unicode characters; its MD5 picks the shard, and order is kept per key
 * @param data the bytes; not copied, must not be changed any more
 * @param explicitHashKey 0 to 2^128 - 1: picks the shard in place of the key's MD5, or null
 */
public record PutEntry(
        String partitionKey, byte[] data, @Nullable BigInteger explicitHashKey) {

    public PutEntry {
        Objects.requireNonNull(partitionKey, "partitionKey");
        Objects.requireNonNull(data, "data");
    }

    public static PutEntry of(String partitionKey, byte[] data) {
        return new PutEntry(partitionKey, data, null);
    }

    /** An entry with a text as its data, in UTF-8. */
    public static PutEntry of(String partitionKey, String text) {
        return of(partitionKey, text.getBytes(StandardCharsets.UTF_8));
    }

    public PutEntry withExplicitHashKey(BigInteger hashKey) {
        return new PutEntry(partitionKey, data, hashKey);
    }
}
