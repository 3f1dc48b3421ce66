package io.shardmill.poller.checkpoint;

import java.time.Instant;

/**
 * A mapping that was created at run time.
 *
 * @param name 1 to 64 characters
 * @param document its settings ({@link io.shardmill.poller.mapping.MappingDocument}); the store doesn't look into it
 * @param enabled the opposite of {@link CheckpointStore#isPaused}, which tells the same
 * @param lastModified to the microsecond: databases keep no more
 */
public record StoredMapping(String name, String document, boolean enabled, Instant lastModified) {}
