package io.shardmill.spring.backup;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.StreamBackups;
import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes backups while streams are written and mappings run. Thread-safe; one backup at a time.
 *
 * <p>Checkpoints are read first, at one moment, and the streams are copied after it, as they are at a later moment. So
 * every checkpoint lies within its stream, and what was acknowledged before the backup began is in it.
 */
public final class Backups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);
    private static final String PARTIAL = ".partial";

    private final Sources sources;
    private final Path folder;
    private final Clock clock;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean closed;

    /** Copies a folder that has an owner of its own. */
    public interface FolderCopy {
        /** Copies it, whole and as it is at one moment, into a folder that does not exist. */
        void copyTo(Path target) throws IOException;
    }

    /**
     * What is backed up.
     *
     * @param namespace of the application
     * @param allNamespaces whether the database holds nothing but what belongs to these streams
     * @param functions null without functions that are created at run time
     */
    public record Sources(
            EmbeddedStreams streams,
            CheckpointBackup checkpoints,
            String namespace,
            boolean allNamespaces,
            @Nullable FolderCopy functions) {}

    /**
     * A backup that was taken.
     *
     * @param folder absolute
     * @param taken when it was begun: what was acknowledged before is in it
     * @param bytes of all records, with their overhead
     */
    public record Backup(String name, Path folder, Instant taken, Duration duration, int shards, long bytes) {}

    /** @param folder gets a folder for each backup; created when the first one is taken */
    public Backups(Sources sources, Path folder, Clock clock) {
        this.sources = sources;
        this.folder = folder.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /** Takes a backup that is named after the present second. */
    public Backup take() {
        return take(TIME.format(clock.instant()));
    }

    /**
     * Takes a backup. Returns when it is complete and on the disk.
     *
     * @param name of its folder: 1 to 100 letters, digits, {@code .}, {@code _} and {@code -}, not beginning with a sign
     * @throws IllegalArgumentException if the name can't be used, or there is such a backup
     * @throws BackupException if it could not be taken: the message says why, and nothing of it stays; or if another one
     *     is being taken
     */
    public Backup take(String name) {
        if (!NAME.matcher(name).matches() || name.endsWith(PARTIAL)) {
            throw new IllegalArgumentException("name: '" + name + "'; must have 1 to 100 letters, digits, '.', '_' and"
                    + " '-', begin with a letter or digit, and not end in " + PARTIAL);
        }
        if (!running.compareAndSet(false, true)) {
            throw new BackupException("a backup is being taken; try again when it is complete");
        }
        try {
            return take(folder.resolve(name));
        } catch (IOException failed) {
            throw new BackupException("could not take backup '" + name + "' in " + folder + ": " + failed, failed);
        } finally {
            running.set(false);
        }
    }

    private Backup take(Path target) throws IOException {
        if (Files.exists(target)
                && !(Files.isDirectory(target) && Folders.entries(target).isEmpty())) {
            throw new IllegalArgumentException("name: '" + target.getFileName() + "'; " + target
                    + " exists and is not empty; choose another name, or delete that backup");
        }
        Path partial = target.resolveSibling(target.getFileName() + PARTIAL);
        OwnerFolders.createAll(folder);
        Folders.delete(partial);
        try {
            OwnerFolders.create(partial);
            Backup backup = write(partial, target);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DurableFiles.forceFolder(folder);
            LOG.info(
                    "Took backup {}: {} shards, {} bytes of records, in {} ms",
                    target,
                    backup.shards(),
                    backup.bytes(),
                    backup.duration().toMillis());
            return backup;
        } finally {
            Folders.delete(partial);
        }
    }

    private Backup write(Path partial, Path target) throws IOException {
        Instant taken = clock.instant();
        CheckpointFile.in(partial).write(sources.checkpoints, sources.allNamespaces ? null : sources.namespace);
        requireOpen();
        StreamBackups.Copy copy = sources.streams.backups().copyTo(partial.resolve(RestoredFolder.STREAMS));
        requireOpen();
        if (sources.functions != null) {
            sources.functions.copyTo(partial.resolve(RestoredFolder.FUNCTIONS_IN_BACKUP));
            requireOpen();
        }
        BackupManifest.of(sources.namespace, taken, copy).writeTo(partial);
        Checksums.write(partial);
        return new Backup(
                target.getFileName().toString(),
                target,
                taken,
                Duration.between(taken, clock.instant()),
                copy.shards().size(),
                copy.shards().stream()
                        .mapToLong(StreamBackups.CopiedShard::bytes)
                        .sum());
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the application is stopping");
        }
    }

    /** A backup that is being taken fails soon. */
    @Override
    public void close() {
        closed = true;
    }
}
