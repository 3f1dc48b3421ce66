package io.shardmill.embedded.internal.metadata;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Covers a shard's part of the ring, both ends included. */
public record HashRange(HashKey start, HashKey end) {

    public HashRange {
        if (start.compareTo(end) > 0) {
            throw new IllegalArgumentException("hash range starts at " + start + ", after its end " + end);
        }
    }

    /** Divides the ring into {@code shards} equal parts; the last one takes what is left over. */
    public static List<HashRange> evenly(int shards) {
        BigInteger width = HashKey.RING.divide(BigInteger.valueOf(shards));
        List<HashRange> ranges = new ArrayList<>(shards);
        for (int i = 0; i < shards; i++) {
            BigInteger start = width.multiply(BigInteger.valueOf(i));
            HashKey end =
                    i == shards - 1 ? HashKey.MAX : HashKey.of(start.add(width).subtract(BigInteger.ONE));
            ranges.add(new HashRange(HashKey.of(start), end));
        }
        return ranges;
    }

    /** Returns whether the key is greater than start + 1 and less than the end: Kinesis's rule (spec 10.3). */
    public boolean canSplitAt(BigInteger key) {
        return key.compareTo(start.toBigInteger().add(BigInteger.ONE)) > 0 && key.compareTo(end.toBigInteger()) < 0;
    }

    public HashRange below(BigInteger key) {
        return new HashRange(start, HashKey.of(key.subtract(BigInteger.ONE)));
    }

    public HashRange from(BigInteger key) {
        return new HashRange(HashKey.of(key), end);
    }

    public boolean isJustBefore(HashRange other) {
        return end.toBigInteger().add(BigInteger.ONE).equals(other.start.toBigInteger());
    }

    public HashRange joinedWith(HashRange next) {
        return new HashRange(start, next.end);
    }

    /**
     * Checks that the ranges share out the whole ring.
     *
     * @throws IllegalArgumentException if they overlap or leave a gap
     */
    public static void requireWholeRing(List<HashRange> ranges) {
        List<HashRange> sorted =
                ranges.stream().sorted(Comparator.comparing(HashRange::start)).toList();
        boolean whole = !sorted.isEmpty()
                && sorted.get(0).start().equals(HashKey.ZERO)
                && sorted.get(sorted.size() - 1).end().equals(HashKey.MAX);
        for (int i = 1; whole && i < sorted.size(); i++) {
            whole = sorted.get(i - 1).isJustBefore(sorted.get(i));
        }
        if (!whole) {
            throw new IllegalArgumentException("the open shards' hash ranges must share out 0 to 2^128 - 1");
        }
    }
}
