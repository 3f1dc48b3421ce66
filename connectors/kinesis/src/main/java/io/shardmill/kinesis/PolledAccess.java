package io.shardmill.kinesis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Polls. The readers of a shard share its quota. */
final class PolledAccess implements ShardAccess {

    private final Polling polling;
    private final ShardQuotas quotas;

    PolledAccess(Polling polling, ShardQuotas quotas) {
        this.polling = polling;
        this.quotas = quotas;
    }

    @Override
    public String prepare(String streamArn) {
        return streamArn;
    }

    @Override
    public Supplier<CompletableFuture<Boolean>> existence() {
        return () -> CompletableFuture.completedFuture(true);
    }

    @Override
    public KinesisReader open(ReadShard read, RecordReading reading, Runnable wake) {
        String streamArn = read.existence().requests().streamArn();
        ShardQuota quota = quotas.of(streamArn, read.shard().id(), polling);
        return new PollingReader(read, quota, polling, reading, wake);
    }
}
