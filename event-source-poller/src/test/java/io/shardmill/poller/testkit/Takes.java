package io.shardmill.poller.testkit;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import java.util.List;
import java.util.Map;

/** Takes shards over from any owner, as a process that ignores other processes does. */
public final class Takes {

    private Takes() {}

    /** Takes the shard at the epoch that its row has. */
    public static CheckpointRow take(CheckpointStore store, MappingKey key, String shard, String owner) {
        long epoch = store.load(key).stream()
                .filter(row -> row.shard().equals(shard))
                .findFirst()
                .orElseThrow()
                .epoch();
        List<CheckpointRow> taken = store.takeOver(key, Map.of(shard, epoch), owner);
        if (taken.size() != 1) {
            throw new IllegalStateException("shard " + shard + " was not taken: somebody came between");
        }
        return taken.get(0);
    }
}
