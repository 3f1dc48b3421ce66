package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.internal.files.StreamsLock;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.function.Shard;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Locks the folder and stores its metadata; refuses a copy of it that is not the newest. Used by the log thread only. */
public final class StreamFolder implements AutoCloseable {

    private final Path path;
    private final MetadataFile file;
    private @Nullable StreamsLock lock;
    private FolderMeta meta = FolderMeta.EMPTY;

    public StreamFolder(Path path) {
        this.path = path;
        this.file = new MetadataFile(path);
    }

    public Path path() {
        return path;
    }

    /** Returns what is stored, without the lists of segments. */
    public FolderMeta meta() {
        return meta;
    }

    /**
     * Locks the folder and loads its metadata.
     *
     * @throws StreamFolderException if they can't be read, are missing, or are older than those stored last
     */
    public StoredFolder open() throws IOException {
        StreamsLock taken = StreamsLock.take(path);
        lock = taken;
        StoredFolder loaded = file.load();
        if (loaded == null) {
            requireFresh(taken.versionFound());
            loaded = new StoredFolder(0, FolderMeta.EMPTY, Map.of());
        }
        if (loaded.version() < taken.versionFound()) {
            throw new StreamFolderException(file.path() + " is an older copy: its version is " + loaded.version()
                    + ", but " + taken.versionFound() + " was stored last, and with this one sequence numbers could be"
                    + " given twice. Restore the newest copy, or the whole folder from a backup");
        }
        meta = loaded.meta();
        return loaded;
    }

    private void requireFresh(long versionFound) throws IOException {
        if (versionFound > 0) {
            throw missing("version " + versionFound + " of it was stored here");
        }
        for (Path entry : Folders.list(path)) {
            if (Files.isDirectory(entry)) {
                throw missing(entry.getFileName() + " lies beside it");
            }
        }
    }

    private StreamFolderException missing(String evidence) {
        return new StreamFolderException(file.path() + " is missing, but " + evidence
                + ". Restore it from a copy that is as new as the records, or use an empty folder");
    }

    public void store(FolderMeta next, Map<Shard, ShardSegments> segments) throws IOException {
        file.store(new StoredFolder(file.version() + 1, next, segments));
        meta = next;
        noteVersion();
    }

    public void append(List<SegmentChange> changes) throws IOException {
        file.append(changes);
        noteVersion();
    }

    private void noteVersion() {
        StreamsLock held = lock;
        if (held == null) {
            return;
        }
        try {
            held.note(file.version());
        } catch (IOException e) {
            // An older version stays noted, which refuses nothing that is newer.
        }
    }

    public long version() {
        return file.version();
    }

    public boolean isMostlyChanges() {
        return file.isMostlyChanges();
    }

    @Override
    public void close() throws IOException {
        file.close();
        StreamsLock held = lock;
        if (held != null) {
            held.close();
        }
    }
}
