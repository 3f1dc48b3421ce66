package io.shardmill.lambda.deploy;

import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A function's code and layers, unpacked and never changed. Deleted when its last user releases it. Thread-safe. */
final class CodeRevision {

    private static final Logger LOG = LoggerFactory.getLogger(CodeRevision.class);

    private final Path folder;
    private final @Nullable Path layers;
    private int users = 1; // guarded by this

    /**
     * Counts its maker as the first user.
     *
     * @param layers a folder beside the code's; null without layers
     */
    CodeRevision(Path folder, @Nullable Path layers) {
        this.folder = folder;
        this.layers = layers;
    }

    Path folder() {
        return folder;
    }

    /** Returns the folder in which the layers are merged; null without layers. */
    @Nullable
    Path layers() {
        return layers;
    }

    /** Returns the name of the function whose code it is. */
    String function() {
        return folder.getName(folder.getNameCount() - 2).toString();
    }

    /** Returns its name in the function's folder. */
    String name() {
        return String.valueOf(folder.getFileName());
    }

    /** Makes code without layers durable: it survives a power loss once this returns. */
    void force() throws IOException {
        DurableFiles.forceTree(folder);
    }

    /** Adds a user; to be called while there is another one. */
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
            if (layers != null) {
                Folders.delete(layers);
            }
            Folders.delete(folder);
        } catch (IOException undeletable) {
            LOG.warn("Could not delete old code; it will be deleted at the next start: {}", undeletable.toString());
        }
    }
}
