package io.shardmill.kinesis;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A record that was packed with others into an {@link AggregatedRecord}, as its producer put it.
 *
 * @param explicitHashKey null if the partition key's hash chose the shard
 * @param data shares the aggregated record's memory
 */
record UserRecord(String partitionKey, @Nullable BigInteger explicitHashKey, ByteBuffer data) {}
