package io.shardmill.embedded.internal.metadata;

import io.shardmill.function.Shard;
import org.jspecify.annotations.Nullable;

/** Changes the list of a shard's segments; appended to the metadata, which is too large to be stored anew each time. */
public sealed interface SegmentChange {

    Shard shard();

    /** Returns the shard's segments after this change. */
    ShardSegments applyTo(ShardSegments before);

    /**
     * Begins a segment.
     *
     * @param sealed what the segment before has become; null if there was none
     */
    record Rolled(Shard shard, @Nullable SegmentMeta sealed, SegmentMeta next) implements SegmentChange {

        @Override
        public ShardSegments applyTo(ShardSegments before) {
            return before.rolled(sealed, next);
        }
    }

    /**
     * Deletes the oldest segments.
     *
     * @param through counter of the last record that is deleted
     * @param firstKept base of the oldest segment that is left
     */
    record Trimmed(Shard shard, long through, long firstKept) implements SegmentChange {

        @Override
        public ShardSegments applyTo(ShardSegments before) {
            return before.trimmed(through, firstKept);
        }
    }
}
