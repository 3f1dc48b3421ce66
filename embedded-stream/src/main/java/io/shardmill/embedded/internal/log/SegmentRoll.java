package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SegmentChange;
import io.shardmill.embedded.internal.metadata.SegmentMeta;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A segment that was made and is not yet noted.
 *
 * @param last what the shard's last segment before it has become; null if there is none
 */
record SegmentRoll(ShardAppender shard, @Nullable SegmentMeta last, SegmentWriter writer, long millis) {

    SegmentChange change() {
        SegmentMeta next = Objects.requireNonNull(writer.segment().stored(), "a new segment has no gap");
        return new SegmentChange.Rolled(shard.log().shard(), last, next);
    }
}
