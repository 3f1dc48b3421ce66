package io.shardmill.embedded;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A shard's part of the ring, both ends included. */
record HashRange(HashKey start, HashKey end) {

    HashRange {
        if (start.compareTo(end) > 0) {
            throw new IllegalArgumentException("hash range starts at " + start + ", after its end " + end);
        }
    }

    /** The whole ring in {@code shards} equal parts; the last one takes what is left over. */
    static List<HashRange> evenly(int shards) {
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

    /** Kinesis's rule (spec 10.3): greater than start + 1 and less than the end. */
    boolean canSplitAt(BigInteger key) {
        return key.compareTo(start.toBigInteger().add(BigInteger.ONE)) > 0 && key.compareTo(end.toBigInteger()) < 0;
    }

    HashRange below(BigInteger key) {
        return new HashRange(start, HashKey.of(key.subtract(BigInteger.ONE)));
    }

    HashRange from(BigInteger key) {
        return new HashRange(HashKey.of(key), end);
    }

    boolean isJustBefore(HashRange other) {
        return end.toBigInteger().add(BigInteger.ONE).equals(other.start.toBigInteger());
    }

    HashRange joinedWith(HashRange next) {
        return new HashRange(start, next.end);
    }
}
