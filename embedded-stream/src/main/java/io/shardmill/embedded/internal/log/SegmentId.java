package io.shardmill.embedded.internal.log;

import java.util.UUID;

/**
 * The one place in the folder that a segment belongs to. Its file's name and folder say the same, but can be changed.
 *
 * @param stream the stream's incarnation
 * @param shard the shard's index
 * @param base no record of the segment has a smaller counter
 */
record SegmentId(UUID stream, int shard, long base) {}
