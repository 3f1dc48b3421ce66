package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.log.SegmentFolder.SegmentFile;
import io.shardmill.embedded.internal.metadata.LastRun;
import io.shardmill.embedded.internal.metadata.MetadataFile;
import io.shardmill.embedded.internal.metadata.SegmentMeta;
import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.ShardSegments;
import io.shardmill.embedded.internal.metadata.StoredFolder;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.RecoveryReport.Finding;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.function.Shard;
import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers a stream's shards when the folder is opened.
 *
 * @param stored what must be there, and how the last use ended, which decides what may be missing
 * @param firstCounter of this opening: all records found have smaller ones
 * @param nowMillis where a time that is lost counts from
 */
record Recovery(SegmentStore store, RecoveryLog recoveryLog, StoredFolder stored, long firstCounter, long nowMillis) {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    LastRun lastRun() {
        return stored.meta().lastRun();
    }

    /** @throws StreamFolderException if there are records that the metadata can't know */
    void recover(LiveStream stream) throws IOException {
        Map<String, List<SegmentFile>> files = store.folder().list();
        for (ShardAppender shard : stream.shards()) {
            List<SegmentFile> found = files.remove(shard.log().shard().id());
            long newest = recover(shard.log(), found == null ? List.of() : found);
            requireOlder(newest, shard.log().shard());
        }
        deleteExpired(stream.meta(), files);
    }

    /** Returns the largest counter found. */
    private long recover(ShardLog log, List<SegmentFile> files) throws IOException {
        ShardSegments known = stored.segmentsOf(log.shard());
        List<SegmentMeta> listed =
                lastRun().mayHaveLostRecords() ? new LostTail(this, log, files).accept(known) : known.list();
        return new ShardRecovery(this, log, new ShardSegments(known.trimmedThrough(), listed), files).run();
    }

    private void requireOlder(long newest, Shard shard) {
        if (SequenceNumbers.openingOf(newest) > stored.meta().opening()) {
            Path folder = DurableFiles.folderOf(store.folder().path());
            throw new StreamFolderException(folder.resolve(MetadataFile.NAME) + " is older than records of " + shard
                    + ", and with it sequence numbers could be given twice. Restore the newest copy, or the whole"
                    + " folder from a backup");
        }
    }

    /** Deletes what an interrupted retention left behind. */
    private static void deleteExpired(StreamMeta stream, Map<String, List<SegmentFile>> files) throws IOException {
        for (Map.Entry<String, List<SegmentFile>> shard : files.entrySet()) {
            Path first = shard.getValue().get(0).path();
            if (!stream.hasHad(shard.getKey())) {
                throw new StreamFolderException("there are records of " + shard.getKey() + " in "
                        + DurableFiles.folderOf(first) + ", a shard that " + MetadataFile.NAME
                        + " does not know: restore a newer copy of that file, or move " + first.getFileName()
                        + " and its like away");
            }
            int index = SequenceNumbers.shardIndex(shard.getKey());
            for (SegmentFile leftover : shard.getValue()) {
                SegmentHeader header = SegmentHeader.of(leftover.path());
                if (header != null && header.id().equals(new SegmentId(stream.incarnation(), index, leftover.base()))) {
                    Files.delete(leftover.path());
                } else {
                    LOG.warn("{} belongs to no shard; delete it", leftover.path());
                }
            }
        }
    }

    void found(Finding finding) {
        recoveryLog.add(finding);
    }
}
