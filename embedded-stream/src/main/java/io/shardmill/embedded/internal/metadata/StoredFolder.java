package io.shardmill.embedded.internal.metadata;

import io.shardmill.function.Shard;
import java.util.Map;

/**
 * Holds all that {@link MetadataFile} stores.
 *
 * @param version grows with each change, so that an older copy of the file is noticed
 * @param segments of each shard that has or had any
 */
public record StoredFolder(long version, FolderMeta meta, Map<Shard, ShardSegments> segments) {

    public ShardSegments segmentsOf(Shard shard) {
        return segments.getOrDefault(shard, ShardSegments.NONE);
    }
}
