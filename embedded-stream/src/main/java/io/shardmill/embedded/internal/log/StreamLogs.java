package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.StoredFolder;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.StreamFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Makes and recovers the logs of a folder's streams, which share one limit of open files. Used by the log thread only. */
public final class StreamLogs {

    private static final int MAX_GROUP_BYTES = 4 << 20;

    private final Path folder;
    private final Durability durability;
    private final int segmentBytes;
    private final Disk disk;
    private final Clock clock;
    private final OpenSegmentLimit open = OpenSegmentLimit.ofLimit();
    private final RecoveryLog recoveryLog = new RecoveryLog();

    /** @param segmentBytes a segment is closed at about this size */
    public StreamLogs(Path folder, Durability durability, int segmentBytes, Disk disk, Clock clock) {
        this.folder = folder;
        this.durability = durability;
        this.segmentBytes = segmentBytes;
        this.disk = disk;
        this.clock = clock;
    }

    public RecoveryLog recoveryLog() {
        return recoveryLog;
    }

    /** Returns the thread that writes these logs, not yet started. */
    public LogThread newThread(StreamFolder metadata, Runnable chores) {
        return new LogThread(
                new GroupCommit(durability, clock, metadata, open), chores, Math.min(MAX_GROUP_BYTES, segmentBytes));
    }

    /** Makes a new stream's folder and its shards' logs, which are empty. */
    public LiveStream create(String arn, StreamMeta stream, long firstCounter) throws IOException {
        SegmentStore store = storeOf(stream);
        store.folder().create();
        return new LiveStream(arn, stream, store, firstCounter);
    }

    /**
     * Recovers a stream's logs from its folder.
     *
     * @throws StreamFolderException if what is there can't be all that was stored, but for single shards' records
     */
    public LiveStream recover(String arn, StreamMeta meta, StoredFolder stored, long firstCounter) throws IOException {
        SegmentStore store = storeOf(meta);
        if (!Files.isDirectory(store.folder().path())) {
            throw new StreamFolderException("the records of stream '" + meta.name() + "' should be in "
                    + store.folder().path() + ", which is missing: restore it, or create that folder empty; then the"
                    + " stream's shards are damaged, and can be given up one by one");
        }
        LiveStream stream = new LiveStream(arn, meta, store, firstCounter);
        new Recovery(store, recoveryLog, stored, firstCounter, clock.millis()).recover(stream);
        return stream;
    }

    private SegmentStore storeOf(StreamMeta stream) {
        SegmentFolder segments = new SegmentFolder(folder.resolve(stream.folderName()));
        return new SegmentStore(segments, durability, segmentBytes, disk, open);
    }

    /** Returns whether a stream's folder has segments. */
    public static boolean holdsRecords(Path streamFolder) throws IOException {
        return !new SegmentFolder(streamFolder).list().isEmpty();
    }
}
