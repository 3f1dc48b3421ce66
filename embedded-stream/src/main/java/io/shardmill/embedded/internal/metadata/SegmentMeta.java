package io.shardmill.embedded.internal.metadata;

/**
 * Describes a segment as stored. Until the folder is stopped cleanly, the last segment of a shard may hold more.
 *
 * @param base counter of its first record, if it has one
 * @param bytes the file's length, without free space at its end
 * @param lastCounter of the last record in this segment, or before it if it has none
 */
public record SegmentMeta(long base, int bytes, long lastCounter) {}
