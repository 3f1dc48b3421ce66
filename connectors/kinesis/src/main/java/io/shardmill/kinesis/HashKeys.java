package io.shardmill.kinesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;

/** The hash keys of a shard, both bounds included. */
record HashKeys(BigInteger first, BigInteger last) {

    static final int BITS = 128;

    /** Of a stream's only shard. */
    static final HashKeys ALL =
            new HashKeys(BigInteger.ZERO, BigInteger.ONE.shiftLeft(BITS).subtract(BigInteger.ONE));

    static HashKeys of(HashKeyRange range) {
        return new HashKeys(new BigInteger(range.startingHashKey()), new BigInteger(range.endingHashKey()));
    }

    /** Returns whether Kinesis would put the record, had it come by itself, into this shard. */
    boolean hold(UserRecord record) {
        BigInteger key = record.explicitHashKey() == null ? hash(record.partitionKey()) : record.explicitHashKey();
        return key.compareTo(first) >= 0 && key.compareTo(last) <= 0;
    }

    private static BigInteger hash(String partitionKey) {
        byte[] key = partitionKey.getBytes(StandardCharsets.UTF_8);
        return new BigInteger(1, Md5.of(key, 0, key.length));
    }
}
