package io.shardmill.kinesis;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Polls. The readers of a shard share its quota. */
final class PolledAccess implements ShardAccess {

    private final Polling polling;
    private final Map<String, ShardQuota> quotas = new ConcurrentHashMap<>();

    PolledAccess(Polling polling) {
        this.polling = polling;
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
        ShardQuota quota = quotas.computeIfAbsent(read.shard().id(), missing -> new ShardQuota(polling));
        return new PollingReader(read, quota, polling, reading, wake);
    }
}
