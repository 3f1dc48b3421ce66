package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.log.ShardAppender;
import io.shardmill.embedded.internal.log.ShardLog;
import io.shardmill.embedded.internal.log.ShardLog.CopiedFile;
import io.shardmill.embedded.internal.metadata.FolderMeta;
import io.shardmill.embedded.internal.metadata.MetadataFile;
import io.shardmill.embedded.internal.metadata.StoredFolder;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.files.DurableFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Copies the folder of open streams, and prepares a copy to be opened. Thread-safe. Puts and readers continue during a copy;
 * what is deleted meanwhile, by retention or on request, keeps its disk space until the copy ends.
 */
public final class StreamBackups {

    /** Numbers that a restored folder skips, in case more than one a second was used. */
    private static final int RESTORE_MARGIN = 86_400;

    private static final long CHUNK_BYTES = 8 << 20;

    private final LiveStreams streams;
    private final LogThread thread;

    StreamBackups(LiveStreams streams, LogThread thread) {
        this.streams = streams;
        this.thread = thread;
    }

    /**
     * Describes a copy.
     *
     * @param opening the folder's opening number
     * @param shards of all streams
     */
    public record Copy(int opening, List<CopiedShard> shards) {}

    /**
     * Describes the end of a copied shard.
     *
     * @param last the sequence number of its last record; smaller than that of any record if it never had one
     * @param bytes of its segments
     */
    public record CopiedShard(String stream, String incarnation, String shard, SequenceNumber last, long bytes) {}

    private record Snapshot(
            StoredFolder stored, SortedMap<String, List<CopiedFile>> folders, List<CopiedShard> shards) {}

    /**
     * Copies all streams as they are at one moment, durably. That moment lies between the call and its return: what was
     * acknowledged before the call is in the copy.
     *
     * @param target a folder that does not exist; what an interrupted or failed copy leaves there is incomplete
     * @throws IOException if a file can't be read or written, the thread is interrupted, or the streams are closed
     *     meanwhile
     */
    public Copy copyTo(Path target) throws IOException {
        Files.createDirectory(target);
        Snapshot snapshot = thread.call(this::hold);
        try {
            for (var folder : snapshot.folders.entrySet()) {
                copy(folder.getValue(), Files.createDirectory(target.resolve(folder.getKey())));
            }
            store(target, snapshot.stored);
            return new Copy(snapshot.stored.meta().opening(), snapshot.shards);
        } finally {
            release();
        }
    }

    /** On the log thread: metadata, segments and their ends belong together. */
    private Snapshot hold() throws IOException {
        SortedMap<String, List<CopiedFile>> folders = new TreeMap<>();
        List<CopiedShard> shards = new ArrayList<>();
        for (LiveStream stream : streams.all()) {
            List<CopiedFile> files = new ArrayList<>();
            for (ShardAppender shard : stream.shards()) {
                ShardLog log = shard.log();
                long bytes = 0;
                for (CopiedFile file : log.filesToCopy()) {
                    files.add(file);
                    bytes += file.whole() ? file.bytes() : 0;
                }
                shards.add(new CopiedShard(
                        stream.name(),
                        stream.meta().incarnation().toString(),
                        log.shard().id(),
                        log.tipNumber(),
                        bytes));
            }
            folders.put(stream.meta().folderName(), files);
        }
        Snapshot snapshot = new Snapshot(streams.stored(), folders, List.copyOf(shards));
        streams.deletions().hold(); // last: who gets no snapshot releases nothing
        return snapshot;
    }

    private void release() {
        try {
            thread.run(streams.deletions()::release);
        } catch (IllegalStateException closed) {
            // Closing has run what was deferred.
        }
    }

    private static void copy(List<CopiedFile> files, Path target) throws IOException {
        for (CopiedFile file : files) {
            try (FileChannel source = open(file.path());
                    FileChannel copy = FileChannel.open(
                            target.resolve(file.path().getFileName()),
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.WRITE)) {
                copy(source, file.bytes(), copy, file.path());
                copy.force(true);
            }
        }
        DurableFiles.forceFolder(target);
    }

    /** The stream may have been deleted, and its folder renamed, since the copy began. */
    private static FileChannel open(Path segment) throws IOException {
        try {
            return FileChannel.open(segment, StandardOpenOption.READ);
        } catch (NoSuchFileException renamed) {
            Path folder = LeftoverFolders.doomed(DurableFiles.folderOf(segment));
            return FileChannel.open(folder.resolve(segment.getFileName()), StandardOpenOption.READ);
        }
    }

    private static void copy(FileChannel source, long bytes, FileChannel copy, Path file) throws IOException {
        long copied = 0;
        while (copied < bytes) {
            long transferred = source.transferTo(copied, Math.min(CHUNK_BYTES, bytes - copied), copy);
            if (transferred == 0) {
                throw new EOFException(file + " has become shorter while it was copied");
            }
            copied += transferred;
        }
    }

    /**
     * Prepares a copy to be opened in place of the folder it was made of: new sequence numbers and new shards' indexes will
     * be larger than any that the folder may have given since, as {@link OpeningNumbers} explains, with a day's worth in
     * addition. The copy must not be open.
     *
     * @param now the time of the restore, after the last opening of the folder that was copied
     * @return the new opening number
     * @throws StreamFolderException if the metadata can't be read
     */
    public static int prepareRestored(Path folder, Instant now) throws IOException {
        StoredFolder copied;
        try (MetadataFile file = new MetadataFile(folder)) {
            copied = file.load();
        }
        if (copied == null) {
            throw new StreamFolderException(folder.resolve(MetadataFile.NAME) + " is missing; use a whole copy");
        }
        int opening = Math.addExact(OpeningNumbers.after(copied.meta().opening(), now), RESTORE_MARGIN);
        FolderMeta restored = copied.meta().withOpening(opening);
        for (StreamMeta stream : copied.meta().streams().values()) {
            restored = restored.with(stream.withShards(stream.shards(), Math.max(stream.nextShard(), opening)));
            Files.createDirectories(folder.resolve(stream.folderName())); // a stream without records has no file
        }
        store(folder, new StoredFolder(copied.version() + 1, restored, copied.segments()));
        return opening;
    }

    private static void store(Path folder, StoredFolder stored) throws IOException {
        try (MetadataFile file = new MetadataFile(folder)) {
            file.store(stored);
        }
    }
}
