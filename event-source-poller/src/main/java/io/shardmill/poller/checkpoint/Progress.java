package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is finished of a shard: a set of facts. A record is finished if any of them says so.
 *
 * @param watermark everything up to it is finished (the fact of lane 0 of 1); null at the start
 * @param ahead facts above the watermark; empty when nothing is in work
 * @param heads failed heads of lanes
 * @param window the open tumbling window, which holds the state of what is finished of it; null if there is none
 */
public record Progress(
        @Nullable SequenceNumber watermark,
        List<LaneFact> ahead,
        List<RetryState> heads,
        @Nullable OpenWindow window) {

    public static final Progress NONE = new Progress(null, List.of(), List.of());

    public Progress {
        ahead = List.copyOf(ahead);
        heads = List.copyOf(heads);
    }

    /** Outside of any window. */
    public Progress(@Nullable SequenceNumber watermark, List<LaneFact> ahead, List<RetryState> heads) {
        this(watermark, ahead, heads, null);
    }

    /** The state of the open window, if there is one. */
    public @Nullable String windowState() {
        return window == null ? null : window.state();
    }

    /** Returns the same with those of these facts that say more, which were saved by themselves. */
    public Progress with(List<LaneFact> facts) {
        List<LaneFact> more = facts.stream()
                .filter(fact -> watermark == null || fact.through().isAfter(watermark))
                .toList();
        return more.isEmpty() ? this : new Progress(watermark, LaneFact.union(ahead, more), heads, window);
    }

    /** Returns whether it says this, or more. */
    public boolean says(LaneFact fact) {
        return (watermark != null && !fact.through().isAfter(watermark))
                || ahead.stream().anyMatch(one -> one.covers(fact));
    }

    public Progress in(@Nullable OpenWindow window) {
        return Objects.equals(window, this.window) ? this : new Progress(watermark, ahead, heads, window);
    }
}
