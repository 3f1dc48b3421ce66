package io.shardmill.embedded;

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
record SegmentStore(SegmentFolder folder, Durability durability, int segmentBytes, SegmentWriter.Disk disk) {

    static FileChannel openFile(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** A new segment; in its file only the header, which the group that follows makes durable. */
    SegmentWriter create(ShardLog log, long base, SegmentHeader header) throws IOException {
        Path file = folder.file(log.shard().id(), base);
        Segment segment = Segment.growing(file, base, header, 0, new SparseIndex());
        SegmentWriter writer = new SegmentWriter(segment, segmentBytes, disk);
        try {
            writer.append(header.bytes());
            writer.publish();
            if (durability == Durability.MACHINE) {
                DurableFiles.forceFolder(folder.path());
            }
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Goes on behind the last whole frame of a segment that was found. */
    SegmentWriter reopen(Segment segment) {
        return new SegmentWriter(segment, segmentBytes, disk);
    }
}
