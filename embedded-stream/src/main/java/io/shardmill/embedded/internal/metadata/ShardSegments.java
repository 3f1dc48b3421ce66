package io.shardmill.embedded.internal.metadata;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the segments that a shard must have.
 *
 * @param trimmedThrough counter of the last record that was deleted for its age, 0 if none was
 * @param list oldest first
 */
public record ShardSegments(long trimmedThrough, List<SegmentMeta> list) {

    public static final ShardSegments NONE = new ShardSegments(0, List.of());

    public ShardSegments {
        list = List.copyOf(list);
    }

    /**
     * Adds a segment. One that was listed but could not be used is made and listed again, and replaces itself.
     *
     * @param sealed what the last segment has become; null if there was none
     */
    public ShardSegments rolled(@Nullable SegmentMeta sealed, SegmentMeta next) {
        List<SegmentMeta> changed = new ArrayList<>(list);
        if (sealed != null) {
            changed.replaceAll(segment -> segment.base() == sealed.base() ? sealed : segment);
        }
        changed.removeIf(segment -> segment.base() == next.base());
        changed.add(next);
        return new ShardSegments(trimmedThrough, changed);
    }

    /**
     * Removes the oldest segments.
     *
     * @param firstKept the base of the oldest segment that is left
     */
    public ShardSegments trimmed(long through, long firstKept) {
        return new ShardSegments(
                through,
                list.stream().filter(segment -> segment.base() >= firstKept).toList());
    }
}
