package io.shardmill.function;

import java.util.List;

/**
 * Puts records into streams; the same code writes to the embedded stream and to Kinesis. Thread-safe.
 * Blocks until the records are as durable as the stream promises.
 */
public interface StreamWriter {

    /**
     * Puts one record.
     *
     * @throws PutRejectedException if the stream refuses the record; nothing was written
     * @throws IllegalArgumentException if there is no such stream
     */
    PutResult.Stored put(String stream, PutEntry entry);

    /**
     * Puts records, each on its own: some may be stored and others rejected. Records of one shard keep the
     * list's order.
     *
     * @return one result for each entry, in the order of the entries
     * @throws IllegalArgumentException if there is no such stream
     */
    List<PutResult> putAll(String stream, List<PutEntry> entries);
}
