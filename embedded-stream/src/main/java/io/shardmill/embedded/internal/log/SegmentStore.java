package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.model.Durability;
import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes and opens the segment files of one stream. Used by the log thread only.
 *
 * @param segmentBytes a segment is closed at about this size
 */
record SegmentStore(SegmentFolder folder, Durability durability, int segmentBytes, Disk disk, OpenSegmentLimit open) {

    /** Makes a segment whose file has only the header, as durable as puts are. */
    SegmentWriter create(ShardLog log, long base, long previousCounter, long earlierMaxMillis) throws IOException {
        SegmentHeader header = new SegmentHeader(log.segmentId(base), previousCounter, earlierMaxMillis);
        Path file = folder.file(log.shard().id(), base);
        Segment segment = Segment.growing(file, header, 0, previousCounter, new SparseIndex());
        SegmentWriter writer = new SegmentWriter(segment, segmentBytes, disk, open);
        try {
            writer.append(header.bytes());
            writer.publish(previousCounter);
            if (durability == Durability.MACHINE) {
                writer.force();
                DurableFiles.forceFolder(folder.path());
            }
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Forces a sealed segment to the disk. */
    void force(Segment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
            channel.force(false);
        }
    }

    /** Resumes writing behind the last whole frame of a recovered segment. */
    SegmentWriter reopen(Segment segment) {
        return new SegmentWriter(segment, segmentBytes, disk, open);
    }
}
