package io.shardmill.poller.internal.shard;

import io.shardmill.function.Shard;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard that this process has taken over for a mapping.
 *
 * @param owner who took it
 * @param row as it was taken, with the epoch of the takeover
 */
public record ShardAssignment(EventSourceMapping mapping, MappingKey key, String owner, CheckpointRow row) {

    Shard shard() {
        return new Shard(key.stream(), row.shard());
    }

    /** @param before what the lane has committed last, or null */
    LaneCommit commit(LaneFact fact, @Nullable LaneFact before) {
        return new LaneCommit(key, row.shard(), owner, row.epoch(), fact, before);
    }

    /** @param committed by transactions */
    CheckpointUpdate update(ShardState state, Progress progress, boolean windowStateChanged, List<LaneFact> committed) {
        return new CheckpointUpdate(
                key, row.shard(), owner, row.epoch(), state, progress, windowStateChanged, committed);
    }
}
