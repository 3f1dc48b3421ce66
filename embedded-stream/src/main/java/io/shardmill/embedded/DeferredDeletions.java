package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LogThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what no stream needs any more: at once, or, while the folder is being copied, after the last copy. Used by the
 * log thread only.
 */
final class DeferredDeletions {

    private static final Logger LOG = LoggerFactory.getLogger(DeferredDeletions.class);

    private final List<LogThread.Change> deferred = new ArrayList<>();
    private int copies;

    /** @throws IOException if the deletion runs now, and fails */
    void run(LogThread.Change deletion) throws IOException {
        if (copies > 0) {
            deferred.add(deletion);
        } else {
            deletion.apply();
        }
    }

    /** Defers deletions until {@link #release} is called as often as this. */
    void hold() {
        copies++;
    }

    void release() {
        copies--;
        if (copies == 0) {
            runDeferred();
        }
    }

    /** Runs what was deferred, even while the folder is being copied. */
    void runDeferred() {
        for (LogThread.Change deletion : deferred) {
            try {
                deletion.apply();
            } catch (IOException | RuntimeException e) {
                LOG.warn("Could not delete what no stream needs any more; the next opening tries again", e);
            }
        }
        deferred.clear();
    }
}
