package io.shardmill.embedded.internal.metadata;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A place on the ring of 0 to 2^128 - 1, as two unsigned words. */
public record HashKey(long high, long low) implements Comparable<HashKey> {

    public static final BigInteger RING = BigInteger.ONE.shiftLeft(128);
    public static final HashKey ZERO = new HashKey(0, 0);
    public static final HashKey MAX = new HashKey(-1, -1);

    /**
     * Returns the key with this number.
     *
     * @throws IllegalArgumentException if it is not on the ring
     */
    @JsonCreator
    public static HashKey of(BigInteger key) {
        if (!isOnRing(key)) {
            throw new IllegalArgumentException(key + ": must be a hash key, 0 to 2^128 - 1");
        }
        return new HashKey(key.shiftRight(64).longValue(), key.longValue());
    }

    public static boolean isOnRing(BigInteger key) {
        return key.signum() >= 0 && key.bitLength() <= 128;
    }

    public static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no MD5, which picks a record's shard", e);
        }
    }

    @JsonValue
    public BigInteger toBigInteger() {
        return new BigInteger(Long.toHexString(high), 16).shiftLeft(64).or(new BigInteger(Long.toHexString(low), 16));
    }

    @Override
    public int compareTo(HashKey other) {
        return compare(high, low, other.high, other.low);
    }

    public static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    @Override
    public String toString() {
        return toBigInteger().toString();
    }
}
