package io.shardmill.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Gives damaged records up on an operator's word: writes each damaged segment anew from its whole frames and
 * keeps the old file beside it, named {@code .damaged}. Used by the log thread only.
 */
final class DamageRepair {

    private static final String KEPT = ".damaged";

    private final ShardLog log;
    private long lastCounter;

    private DamageRepair(ShardLog log) {
        this.log = log;
    }

    static void run(ShardAppender shard) throws IOException {
        shard.seal();
        DamageRepair repair = new DamageRepair(shard.log());
        for (Segment segment : shard.log().segments()) {
            repair.check(segment);
        }
        shard.log().wakeReaders();
    }

    private void check(Segment segment) throws IOException {
        ByteBuffer content = segment.content().duplicate().limit(segment.committed());
        SegmentScan scan = SegmentScan.of(content, segment.header());
        boolean first = segment == log.segments()[0];
        boolean gapBefore = !first && segment.header().previousCounter() > lastCounter;
        boolean broken = SegmentHeader.read(content) == null
                || scan.tornBytes() > 0
                || !scan.damages().isEmpty();
        if (broken || gapBefore) {
            long previous = first ? segment.header().previousCounter() : lastCounter;
            log.replaced(segment, rewrite(segment, scan, content, previous));
        }
        lastCounter = scan.lastCounter();
    }

    private static Segment rewrite(Segment segment, SegmentScan scan, ByteBuffer content, long previous)
            throws IOException {
        Path file = segment.file();
        Files.copy(file, file.resolveSibling(file.getFileName() + KEPT), StandardCopyOption.REPLACE_EXISTING);
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        SegmentHeader header = new SegmentHeader(previous, segment.header().earlierMaxMillis());
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            DurableFiles.writeFully(channel, header.bytes(), 0);
            int from = SegmentHeader.BYTES;
            for (SegmentScan.Damage damage : scan.damages()) {
                append(channel, content, from, damage.from());
                from = damage.to();
            }
            append(channel, content, from, scan.end());
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.forceFolder(DurableFiles.folderOf(file));
        return Segment.complete(file, segment.base(), header, Math.toIntExact(Files.size(file)));
    }

    private static void append(FileChannel channel, ByteBuffer content, int from, int to) throws IOException {
        DurableFiles.writeFully(channel, content.duplicate().limit(to).position(from), channel.size());
    }
}
