package io.shardmill.lambda.deploy;

import io.shardmill.lambda.Folders;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A function's code, unpacked, which nobody changes. Deleted when its last user lets go of it. Thread-safe. */
final class CodeRevision {

    private static final Logger LOG = LoggerFactory.getLogger(CodeRevision.class);

    private final Path folder;
    private int users = 1; // guarded by this

    /** Used by whoever makes it. */
    CodeRevision(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Its name in the function's folder. */
    String name() {
        return String.valueOf(folder.getFileName());
    }

    /** On the disk when this returns, whatever becomes of the machine. */
    void force() throws IOException {
        DurableFiles.forceTree(folder);
    }

    /** By somebody who knows another user. */
    synchronized void retain() {
        users++;
    }

    void release() {
        synchronized (this) {
            users--;
            if (users > 0) {
                return;
            }
        }
        try {
            Folders.delete(folder);
        } catch (IOException undeletable) {
            LOG.warn("Old code can't be deleted now, and is at the next start: {}", undeletable.toString());
        }
    }
}
