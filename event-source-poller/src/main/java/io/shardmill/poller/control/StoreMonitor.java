package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Watches the calls of a store. Thread-safe. */
final class StoreMonitor {

    /** How long a call may take before the store counts as failing. */
    private static final long ANSWER_MILLIS = 2_000;

    private static final String PROBLEM = "checkpoints can't be read or taken over";

    private final InstantSource clock;

    /** When each of the calls began that have not returned. */
    private final Map<Object, Long> calls = new ConcurrentHashMap<>();

    private volatile @Nullable StoreFailure failure;

    StoreMonitor(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns since when and why calls fail or don't return; null if the last one succeeded. */
    @Nullable
    StoreFailure failure() {
        long oldest = calls.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        boolean isAnswered = oldest > clock.millis() - ANSWER_MILLIS;
        return isAnswered
                ? failure
                : StoreFailure.earliest(
                        failure,
                        new StoreFailure(
                                PROBLEM, Instant.ofEpochMilli(oldest), "the checkpoint database does not answer"));
    }

    <T> T call(Supplier<T> call) {
        Object token = new Object();
        long begun = clock.millis();
        calls.put(token, begun);
        try {
            T answer = call.get();
            failure = null;
            return answer;
        } catch (CheckpointStoreException failed) {
            failed(Instant.ofEpochMilli(begun), String.valueOf(failed.getMessage()));
            throw failed;
        } finally {
            calls.remove(token);
        }
    }

    void run(Runnable call) {
        boolean unused = call(() -> {
            call.run();
            return true;
        });
    }

    private synchronized void failed(Instant begun, String reason) {
        StoreFailure before = failure;
        failure = new StoreFailure(PROBLEM, before == null ? begun : before.since(), reason);
    }
}
