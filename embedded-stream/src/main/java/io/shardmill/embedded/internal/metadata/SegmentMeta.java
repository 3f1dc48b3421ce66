package io.shardmill.embedded.internal.metadata;

/**
 * Describes a segment as stored. Until the folder is stopped cleanly, the last segment of a shard may hold more.
 *
 * @param base no record of the segment has a smaller counter
 * @param bytes the file's length, without free space at its end
 * @param lastCounter of the last record in this segment, or before it if it has none
 */
public record SegmentMeta(long base, int bytes, long lastCounter) {}
