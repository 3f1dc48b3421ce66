package io.shardmill.spring.backup;

import io.shardmill.embedded.StreamBackups;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Restores a backup into an empty data folder. The backup is checked as a whole before anything is written. The folder can
 * be used only when all is written: until then, however the process ends, it is refused, and can be restored into again.
 */
public final class Restore {

    /** What an empty data folder may hold: the root folder of a file system has the first, the web server the second. */
    private static final Set<String> IGNORED = Set.of("lost+found", "web");

    private static final Set<String> WRITTEN =
            Set.of(RestoredFolder.RESTORE, RestoredFolder.STREAMS, RestoredFolder.FUNCTIONS, RestoredFolder.RESTORED);

    private final Path dataDir;
    private final Clock clock;
    private final Consumer<Path> beforeWriting;

    public Restore(Path dataDir, Clock clock) {
        this(dataDir, clock, file -> {});
    }

    /** @param beforeWriting gets each file before it is written; a test fails here */
    Restore(Path dataDir, Clock clock, Consumer<Path> beforeWriting) {
        this.dataDir = dataDir.toAbsolutePath().normalize();
        this.clock = clock;
        this.beforeWriting = beforeWriting;
    }

    /** Returns whether the data folder was restored from this backup, or from a copy of it. */
    public boolean isDone(Path backup) {
        Path restored = dataDir.resolve(RestoredFolder.RESTORED);
        Path sums = backup.resolve(Checksums.FILE);
        try {
            return Files.exists(restored)
                    && Files.exists(sums)
                    && !new RestoredFolder(dataDir).isUnfinished()
                    && Files.readString(restored).equals(Checksums.of(sums));
        } catch (IOException unreadable) {
            throw new BackupException(
                    "could not compare " + restored + " with " + sums + ": " + unreadable, unreadable);
        }
    }

    /**
     * Restores a backup.
     *
     * @return what is delivered again
     * @throws BackupException if the backup is damaged or incomplete, or the data folder is not empty
     */
    public RestoreReport from(Path backup) {
        Path source = backup.toAbsolutePath().normalize();
        try {
            SortedMap<String, String> checksums = Checksums.verify(source);
            BackupManifest manifest = BackupManifest.of(source);
            prepare();
            copy(source, checksums);
            beforeWriting.accept(dataDir.resolve(RestoredFolder.STREAMS));
            StreamBackups.prepareRestored(dataDir.resolve(RestoredFolder.STREAMS), clock.instant());
            RestoreReport report =
                    new RestoreReport(source, dataDir, manifest.taken(), Redeliveries.in(dataDir, clock));
            Files.writeString(dataDir.resolve(RestoredFolder.RESTORED), Checksums.of(source.resolve(Checksums.FILE)));
            beforeWriting.accept(dataDir.resolve(RestoredFolder.RESTORE).resolve(Checksums.FILE));
            Checksums.write(dataDir.resolve(RestoredFolder.RESTORE));
            return report;
        } catch (IOException | StreamFolderException failed) {
            throw new BackupException("could not restore " + source + " into " + dataDir + ": " + failed, failed);
        }
    }

    private void prepare() throws IOException {
        boolean again = new RestoredFolder(dataDir).isUnfinished();
        for (Path entry : Folders.entries(dataDir)) {
            String name = entry.getFileName().toString();
            if (!IGNORED.contains(name) && !(again && WRITTEN.contains(name))) {
                throw notEmpty(name);
            }
        }
        if (again) {
            Folders.delete(dataDir.resolve(RestoredFolder.STREAMS));
            Folders.delete(dataDir.resolve(RestoredFolder.FUNCTIONS));
            Files.deleteIfExists(dataDir.resolve(RestoredFolder.RESTORED));
            Folders.delete(dataDir.resolve(RestoredFolder.RESTORE));
        }
        OwnerFolders.createAll(dataDir);
        try {
            OwnerFolders.create(dataDir.resolve(RestoredFolder.RESTORE));
        } catch (FileAlreadyExistsException another) {
            throw notEmpty(RestoredFolder.RESTORE);
        }
    }

    private BackupException notEmpty(String name) {
        return new BackupException(dataDir + ": holds '" + name
                + "'; a backup is restored into an empty folder: stop what uses this one and move it away");
    }

    /** Each file is checked once more as it was written. */
    private void copy(Path backup, SortedMap<String, String> checksums) throws IOException {
        for (Map.Entry<String, String> file : checksums.entrySet()) {
            if (!file.getKey().equals(BackupManifest.FILE)) {
                Path target = placeOf(file.getKey());
                beforeWriting.accept(target);
                OwnerFolders.createAll(Objects.requireNonNull(target.getParent()));
                OwnerFolders.copy(backup.resolve(file.getKey()), target);
                Checksums.forceAndRequire(target, file.getValue());
            }
        }
        for (String folder : List.of(RestoredFolder.STREAMS, RestoredFolder.FUNCTIONS)) {
            OwnerFolders.forceTree(dataDir.resolve(folder));
        }
    }

    private Path placeOf(String name) {
        String functions = RestoredFolder.FUNCTIONS_IN_BACKUP + "/";
        if (name.equals(CheckpointFile.NAME)) {
            return dataDir.resolve(RestoredFolder.RESTORE).resolve(name);
        } else if (name.startsWith(functions)) {
            return dataDir.resolve(RestoredFolder.FUNCTIONS).resolve(name.substring(functions.length()));
        } else if (name.startsWith(RestoredFolder.STREAMS + "/")) {
            return dataDir.resolve(name);
        }
        throw new BackupException(
                name + ": unknown; restore with the version of Shardmill that took the backup, or a newer one");
    }
}
