package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.embedded.model.StreamInfo;

/**
 * How many open shards requests may make in all streams together, as AWS limits an account ("Quotas and limits" of the
 * Kinesis Data Streams Developer Guide). All open shards count; those that the application makes in Java are not
 * limited, as it makes them deliberately. Thread-safe.
 */
final class ShardLimit {

    static final int MOST = 10_000;

    private final StreamNames names;

    ShardLimit(StreamNames names) {
        this.names = names;
    }

    int open() {
        int open = 0;
        for (StreamInfo stream : names.infos(names.all())) {
            open += stream.openShards().size();
        }
        return open;
    }

    /**
     * Carries out a change, one after another.
     *
     * @param more open shards there are after it than before; below 0 if there are fewer
     * @throws AwsException if that would be too many; nothing is changed then
     */
    synchronized void change(int more, Runnable change) {
        int open = open();
        if (more > 0 && open + more > MOST) {
            throw KinesisErrors.limitExceeded(
                    "This request would exceed the shard limit for the account " + names.account() + " in "
                            + names.region() + ". Current shard count for the account: " + open + ". Limit: " + MOST
                            + ". Number of additional shards that would have resulted from this request: " + more
                            + ".");
        }
        change.run();
    }
}
