package io.shardmill.poller.internal.lease;

import io.shardmill.poller.internal.shard.EngineTimer;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Where leases are kept up.
 *
 * @param clock a steady one, by which the timer goes
 * @param heartbeats one thread that does nothing else
 * @param looks one thread
 */
public record LeaseThreads(InstantSource clock, EngineTimer timer, Executor heartbeats, Executor looks) {}
