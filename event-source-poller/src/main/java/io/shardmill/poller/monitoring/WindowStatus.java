package io.shardmill.poller.monitoring;

import io.shardmill.poller.checkpoint.OpenWindow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An open tumbling window, for people: without its state.
 *
 * @param start inclusive
 * @param end exclusive
 * @param stateBytes the size of its state, JSON in UTF-8
 */
public record WindowStatus(Instant start, Instant end, long stateBytes) {

    /** Returns null for no window. */
    public static @Nullable WindowStatus of(@Nullable OpenWindow window) {
        return window == null
                ? null
                : new WindowStatus(
                        window.start(), window.end(), window.state().getBytes(StandardCharsets.UTF_8).length);
    }
}
