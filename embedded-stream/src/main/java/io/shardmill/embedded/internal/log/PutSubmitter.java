package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.model.PutAdmission;
import io.shardmill.embedded.model.PutInterruptedException;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands what a caller puts to the log thread, in requests that fit its groups, and waits until all is stored. */
public final class PutSubmitter {

    private PutSubmitter() {}

    /**
     * Stores the entries, and returns what became of each.
     *
     * @param admission null if all are admitted that keep the stream's rules
     * @throws StreamRequestException if the stream is closed
     * @throws PutInterruptedException if the thread is interrupted: each record may or may not be stored
     */
    public static List<PutResult> put(
            LiveStream target, List<PutEntry> entries, LogThread thread, @Nullable PutAdmission admission) {
        if (Thread.currentThread().isInterrupted()) {
            throw new PutInterruptedException(target.name());
        }
        if (target.isClosed()) {
            throw StreamRequestException.closed(target.name());
        }
        PutValidation validation = new PutValidation(target, admission);
        PutResult[] results = new PutResult[entries.size()];
        List<PutRequest> submitted = new ArrayList<>();
        PutRequest request = new PutRequest(target, results);
        int index = 0;
        for (PutEntry entry : entries) {
            if (request.bytes() >= thread.maxGroupBytes()) {
                thread.submit(request);
                submitted.add(request);
                request = new PutRequest(target, results);
            }
            validation.addTo(request, index++, entry);
        }
        if (!request.records().isEmpty()) {
            thread.submit(request);
            submitted.add(request);
        }
        submitted.forEach(PutRequest::await);
        return List.of(results);
    }
}
