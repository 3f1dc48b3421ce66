package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import java.util.List;

/**
 * One call of a function over a batch.
 *
 * @param lane from 0, which of the shard's lanes the batch belongs to
 * @param attempt 1 for the first try of this batch
 * @param fencingToken the epoch under which the shard is owned
 * @param records at least one, all of {@code shard}, unmodifiable
 */
public record Invocation(
        String mapping, Shard shard, int lane, Attempt attempt, long fencingToken, List<Record> records) {

    /**
     * Which try of a batch this is.
     *
     * @param requestId shared by all tries of an unchanged batch (spec 4.5)
     * @param number 1 for the first try
     */
    public record Attempt(String requestId, int number) {}
}
