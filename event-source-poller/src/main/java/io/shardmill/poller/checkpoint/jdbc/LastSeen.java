package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mark in the data folder. A database server is used without one where the folder can't keep it. Not thread-safe. */
final class LastSeen {

    private static final Logger LOG = LoggerFactory.getLogger(LastSeen.class);

    private final @Nullable StoreMarkFile file;
    private final boolean isRequired;
    private boolean hasWarned;

    /** @param file null if the folder can't be used */
    LastSeen(@Nullable StoreMarkFile file, boolean isRequired) {
        this.file = file;
        this.isRequired = isRequired;
    }

    /**
     * Returns null if there is no mark.
     *
     * @throws DamagedCheckpointsException if it is damaged
     * @throws CheckpointStoreException if it can't be read and is required
     */
    @Nullable
    StoreMark read() {
        try {
            return file == null ? null : file.read();
        } catch (UncheckedIOException unusable) {
            doWithout(unusable);
            return null;
        }
    }

    /** @throws CheckpointStoreException if it can't be written and is required */
    void write(StoreMark mark) {
        try {
            if (file != null) {
                file.write(mark);
            }
        } catch (UncheckedIOException unusable) {
            doWithout(unusable);
        }
    }

    /** @throws CheckpointStoreException if it can't be deleted and is required */
    void delete() {
        try {
            if (file != null) {
                file.delete();
            }
        } catch (UncheckedIOException unusable) {
            doWithout(unusable);
        }
    }

    private void doWithout(UncheckedIOException unusable) {
        String path = file == null ? "" : file.path().toString();
        if (isRequired) {
            throw new CheckpointStoreException(path + ": can't be read or written: " + unusable.getCause(), unusable);
        }
        if (!hasWarned) {
            hasWarned = true;
            LOG.warn(
                    "{}: can't be read or written, so missing or older checkpoints are not noticed: {}",
                    path,
                    String.valueOf(unusable.getCause()));
        }
    }
}
