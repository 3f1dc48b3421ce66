package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.HashKey;
import io.shardmill.embedded.model.PutInterruptedException;
import io.shardmill.function.PutResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Carries one caller's records to the log thread and the results back. The caller fills it and hands it to the log thread, which fills in the results
 * and completes it; after that only the caller reads it.
 */
final class PutRequest {

    private final LiveStream stream;
    private final List<StagedRecord> records = new ArrayList<>();
    private final PutResult[] results;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long bytes;

    /** @param results of the whole call, which may be several requests; this one settles its own entries */
    PutRequest(LiveStream stream, PutResult[] results) {
        this.stream = stream;
        this.results = results;
    }

    void add(int index, byte[] key, byte[] data, HashKey hash) {
        StagedRecord entry = new StagedRecord(this, index, key, data, hash);
        records.add(entry);
        bytes += entry.frameBytes();
    }

    LiveStream stream() {
        return stream;
    }

    List<StagedRecord> records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    void settle(int index, PutResult result) {
        results[index] = result;
    }

    void complete() {
        done.complete(null);
    }

    void fail(Throwable failure) {
        done.completeExceptionally(failure);
    }

    /** @throws PutInterruptedException if the calling thread is interrupted; its flag is set */
    void await() {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PutInterruptedException(stream.name());
        } catch (ExecutionException e) {
            throw Failures.rethrown(e.getCause());
        }
    }
}
