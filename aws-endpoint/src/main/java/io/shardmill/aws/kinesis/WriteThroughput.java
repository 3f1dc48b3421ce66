package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.PutAdmission;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutResult;
import java.time.Clock;

/** Rejects the records that their shards have no throughput left for: 1,000 records and 1 MiB a second. Thread-safe. */
final class WriteThroughput {

    private static final int RECORDS_PER_SECOND = 1_000;
    private static final int BYTES_PER_SECOND = 1 << 20;

    private final ShardThroughput throughput;
    private final String account;

    WriteThroughput(Clock clock, String account) {
        this.throughput = new ShardThroughput(clock, RECORDS_PER_SECOND, BYTES_PER_SECOND);
        this.account = account;
    }

    PutAdmission admission(StreamInfo stream) {
        return (shardId, bytes) -> throughput.admit(stream.incarnation() + shardId, bytes)
                ? null
                : new PutResult.Rejected(
                        "ProvisionedThroughputExceededException",
                        ShardThroughput.message(shardId, stream.name(), account));
    }
}
