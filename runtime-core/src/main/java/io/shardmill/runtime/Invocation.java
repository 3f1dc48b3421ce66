package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a function over a batch.
 *
 * @param records all of the origin's shard, unmodifiable; at least one, but for a window's final invocation
 * @param window the tumbling window it belongs to, or null
 * @param event the invocation's event as Lambda sends it, JSON in UTF-8; built anew each time it is written
 */
public record Invocation(
        Origin origin,
        Attempt attempt,
        List<Record> records,
        @Nullable Window window,
        Payload event) {

    /**
     * Where a batch comes from.
     *
     * @param lane from 0, which of the shard's lanes it belongs to
     * @param fencingToken the epoch under which the shard is owned
     */
    public record Origin(String mapping, Shard shard, int lane, long fencingToken) {}

    /**
     * Which try of a batch this is.
     *
     * @param requestId shared by all tries of an unchanged batch (spec 4.5)
     * @param number 1 for the first try
     */
    public record Attempt(String requestId, int number) {}

    public String mapping() {
        return origin.mapping();
    }

    public Shard shard() {
        return origin.shard();
    }

    public int lane() {
        return origin.lane();
    }

    /** Without the window's state: fit for a log. */
    @Override
    public String toString() {
        return "Invocation[" + origin + ", " + attempt + ", " + records + (window == null ? "]" : ", " + window + "]");
    }
}
