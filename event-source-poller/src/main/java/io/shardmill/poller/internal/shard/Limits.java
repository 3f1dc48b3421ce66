package io.shardmill.poller.internal.shard;

/**
 * What bounds a mapping's work.
 *
 * @param permits for its invocations and sends
 * @param memory shared by all mappings of the process
 */
public record Limits(Permits permits, EngineMemory memory) {}
