package io.shardmill.poller.internal.shard;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What all shards of an engine share: everything that is not decided but happens.
 *
 * @param pool runs turns and work
 * @param othersWait whether the pool has tasks that wait for a thread
 * @param mayInvoke whether invocations may be started for shards of this owner: false while other processes may have taken this
 *     one for dead, and for the owner that it was before they did
 */
public record EnginePorts(
        InstantSource clock,
        EngineTimer timer,
        Executor pool,
        BooleanSupplier othersWait,
        Supplier<String> requestIds,
        CheckpointWriter checkpoints,
        Predicate<String> mayInvoke) {}
