package io.shardmill.poller.monitoring;

import io.shardmill.function.Shard;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Instant;

/**
 * An attempt to invoke the function with a lane's batch, when it is over.
 *
 * @param records the size of the batch, 0 for a window's final invocation
 * @param failingSince when the first attempt of the batch failed in this process; {@code time} if none did before
 */
public record BatchAttempt(
        Shard shard,
        int lane,
        Invocation.Attempt attempt,
        int records,
        InvocationOutcome outcome,
        Instant time,
        Instant failingSince) {}
