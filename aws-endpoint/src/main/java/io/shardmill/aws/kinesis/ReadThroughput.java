package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.function.Record;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Lets five calls a second read a shard, and 2 MiB; who was given more waits until it is made up for, as with
 * Kinesis five seconds after 10 MiB. Thread-safe.
 */
final class ReadThroughput {

    private static final int CALLS_PER_SECOND = 5;
    private static final int BYTES_PER_SECOND = 2 << 20;

    private final ShardThroughput throughput;
    private final String account;

    ReadThroughput(Clock clock, String account) {
        this.throughput = new ShardThroughput(clock, CALLS_PER_SECOND, BYTES_PER_SECOND);
        this.account = account;
    }

    /** @throws AwsException if the shard has been read too much */
    ShardPage read(ShardIterator iterator, Supplier<ShardPage> read) {
        String shard = iterator.incarnation() + iterator.shardId();
        if (!throughput.admit(shard, 0)) {
            throw KinesisErrors.throughputExceeded(
                    ShardThroughput.message(iterator.shardId(), iterator.stream(), account));
        }
        ShardPage page = read.get();
        throughput.charge(shard, bytes(page));
        return page;
    }

    private static long bytes(ShardPage page) {
        long bytes = 0;
        for (Record record : page.records()) {
            bytes += record.size() + record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }
}
