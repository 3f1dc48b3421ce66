package io.shardmill.embedded.model;

import io.shardmill.function.PutResult;
import org.jspecify.annotations.Nullable;

/** Decides which entries of a put their shards take now, such as by the throughput that is left. Must not block. */
@FunctionalInterface
public interface PutAdmission {

    /**
     * Returns why an entry is not stored, or null if it is. Asked once for each entry that keeps the stream's rules, in
     * their order, on the caller's thread.
     *
     * @param shardId the shard that the entry's hash key belongs to now
     * @param bytes data and partition key together
     */
    PutResult.@Nullable Rejected refuse(String shardId, int bytes);
}
