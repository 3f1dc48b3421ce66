package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.log.ShardLog;
import io.shardmill.embedded.model.RecoveryReport;
import java.util.List;

/** Reports what was damaged in the folder of streams, and skips it on request. Thread-safe. */
public final class StreamRecovery {

    private final LiveStreams streams;
    private final LogThread thread;

    StreamRecovery(LiveStreams streams, LogThread thread) {
        this.streams = streams;
        this.thread = thread;
    }

    /** Returns the damage found in the files since they were opened. */
    public RecoveryReport report() {
        return streams.recoveryLog().report();
    }

    /**
     * Skips a shard's damaged records, so that its readers continue behind them. Checks every segment of the shard, and
     * rewrites damaged ones from their whole records; the damaged file is kept beside the new one, with
     * {@code .damaged} added to its name.
     *
     * @return the shard's damage, which is forgotten now
     */
    public List<RecoveryReport.Finding> skipDamage(String stream, String shardId) {
        return thread.call(() -> {
            ShardLog shard = streams.shard(stream, shardId);
            streams.get(stream).appender(shard.meta().index()).skipDamage();
            streams.storeAgain();
            return streams.recoveryLog().forgetDamage(shard.shard());
        });
    }
}
