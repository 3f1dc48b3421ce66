package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.nio.file.Path;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;

/** A process that saves one checkpoint after the other and prints each that is durable, until it is killed. */
final class CheckpointLoop {

    static final MappingKey KEY = new MappingKey("crash", "m", "s", "1");
    static final String SHARD = "shard-0";

    private CheckpointLoop() {}

    public static void main(String[] args) {
        JdbcConnectionPool pool = H2Files.open(Path.of(args[0]));
        CheckpointSchema.create(pool);
        JdbcCheckpointStore store = new JdbcCheckpointStore(pool);
        store.create(KEY, List.of(CheckpointRow.begin(SHARD, ShardState.READING, Position.trimHorizon(), List.of())));
        CheckpointRow row = Takes.take(store, KEY, SHARD, "child");
        for (long number = watermark(row) + 1; ; number++) {
            Progress progress = new Progress(SequenceNumber.of(number), List.of(), List.of());
            store.save(List.of(new CheckpointUpdate(KEY, SHARD, "child", row.epoch(), ShardState.READING, progress)));
            System.out.println(number);
        }
    }

    static long watermark(CheckpointRow row) {
        SequenceNumber watermark = row.progress().watermark();
        return watermark == null ? 0 : watermark.lowBits();
    }
}
