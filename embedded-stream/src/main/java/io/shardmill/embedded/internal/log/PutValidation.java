package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.HashKey;
import io.shardmill.embedded.model.PutAdmission;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Checks entries by Kinesis's limits (spec 10.3, cases 106 and 110) and finds their hash keys. For one call. */
final class PutValidation {

    private static final int MAX_KEY_CHARACTERS = 256;
    private static final int MD5_BYTES = 16;

    private final LiveStream stream;
    private final int maxRecordBytes;
    private final @Nullable PutAdmission admission;
    private final MessageDigest md5 = HashKey.md5();
    private final byte[] digest = new byte[MD5_BYTES];

    /** @param admission null if all are admitted that keep the rules */
    PutValidation(LiveStream stream, @Nullable PutAdmission admission) {
        this.stream = stream;
        this.maxRecordBytes = stream.meta().maxRecordBytes();
        this.admission = admission;
    }

    /** Adds the entry to the request, or settles it as rejected. */
    void addTo(PutRequest request, int index, PutEntry entry) {
        PutResult.@Nullable Rejected rejected = checkKey(entry.partitionKey());
        BigInteger explicit = entry.explicitHashKey();
        if (rejected == null && explicit != null && !HashKey.isOnRing(explicit)) {
            rejected = new PutResult.Rejected(
                    "InvalidArgumentException",
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was "
                            + explicit);
        }
        byte[] key = entry.partitionKey().getBytes(StandardCharsets.UTF_8);
        long bytes = (long) key.length + entry.data().length;
        if (rejected == null && bytes > maxRecordBytes) {
            rejected = new PutResult.Rejected(
                    "ValidationException",
                    "data and partition key of the record are " + bytes
                            + " bytes together but the stream takes at most "
                            + maxRecordBytes + "; it can be raised to " + StreamOptions.LARGEST_MAX_RECORD_BYTES
                            + " with updateMaxRecordBytes");
        }
        if (rejected != null) {
            request.settle(index, rejected);
            return;
        }
        HashKey hash = explicit == null ? md5(key) : HashKey.of(explicit);
        PutResult.Rejected refused = admission == null ? null : admission.refuse(shardOf(hash), (int) bytes);
        if (refused != null) {
            request.settle(index, refused);
        } else {
            request.add(index, key, entry.data(), hash);
        }
    }

    /** The shard may be another one when the record is stored. */
    private String shardOf(HashKey hash) {
        return stream.routing().shardFor(hash.high(), hash.low()).log().meta().id();
    }

    private static PutResult.@Nullable Rejected checkKey(String key) {
        int characters = key.codePointCount(0, key.length());
        if (characters < 1 || characters > MAX_KEY_CHARACTERS) {
            return new PutResult.Rejected(
                    "ValidationException",
                    "the partition key has " + characters + " Unicode characters but must have 1 to "
                            + MAX_KEY_CHARACTERS);
        }
        if (key.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
            return new PutResult.Rejected(
                    "InvalidArgumentException",
                    "the partition key holds half of a surrogate pair, which UTF-8 can't write");
        }
        return null;
    }

    private HashKey md5(byte[] key) {
        try {
            md5.update(key);
            md5.digest(digest, 0, MD5_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("MD5 needs more than 16 bytes", e);
        }
        ByteBuffer words = ByteBuffer.wrap(digest);
        return new HashKey(words.getLong(), words.getLong());
    }
}
