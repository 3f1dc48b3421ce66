package io.shardmill.spring.backup;

import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder, ready to be used. A restore leaves the rows of checkpoints in its folder {@value #RESTORE}, from where
 * {@link #loadCheckpoints} puts them into whatever database the application has; without checksums in that folder, the
 * restore has not come to its end.
 *
 * @param path of the folder, which may be missing
 */
public record RestoredFolder(Path path) {

    static final String STREAMS = "streams";
    static final String FUNCTIONS = "shardmill-functions";
    static final String FUNCTIONS_IN_BACKUP = "functions";
    static final String RESTORE = "restore";

    /** Holds the SHA-256 of the checksums of the backup that was restored. */
    static final String RESTORED = "restored.sha256";

    private static final String DONE = "restore.done";
    private static final Logger LOG = LoggerFactory.getLogger(RestoredFolder.class);

    /**
     * Returns the folder.
     *
     * @throws BackupException if a restore into the folder has not come to its end
     */
    public static RestoredFolder in(Path path) {
        RestoredFolder folder = new RestoredFolder(path);
        if (folder.isUnfinished()) {
            throw new BackupException(
                    path.toAbsolutePath().normalize()
                            + ": a restore into this folder has not come to its end; restore the backup again, or use another folder");
        }
        return folder;
    }

    boolean isUnfinished() {
        Path restore = path.resolve(RESTORE);
        return Files.isDirectory(restore) && !Files.exists(restore.resolve(Checksums.FILE));
    }

    /**
     * Puts the rows of a restored backup into the database, in place of those of the same namespaces, if that is still to be
     * done. Nothing that uses them may run.
     *
     * @throws BackupException if the rows can't be read
     */
    public void loadCheckpoints(CheckpointBackup database) {
        Path restore = path.resolve(RESTORE);
        Path done = path.resolve(DONE);
        try {
            Folders.delete(done);
            if (!Files.exists(restore)) {
                return;
            }
            Checksums.verify(restore);
            int replaced = CheckpointFile.in(restore).read(rows -> database.replaceBy(rows.iterator()));
            LOG.info("Loaded the checkpoints of the restored backup; they replace {} rows in the database", replaced);
            Files.move(restore, done, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.forceFolder(path);
            Folders.delete(done);
        } catch (IOException unusable) {
            throw new UncheckedIOException("Could not load the checkpoints in " + restore, unusable);
        }
    }
}
