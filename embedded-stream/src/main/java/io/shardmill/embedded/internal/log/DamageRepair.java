package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.files.MappedFiles;
import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops damaged records at an operator's request: rewrites each damaged segment from its whole frames, and removes those
 * of which nothing is left. What there was of a damaged file is kept beside it, named {@code .damaged}. Used by
 * the log thread only.
 */
final class DamageRepair {

    private static final String KEPT = ".damaged";

    private final List<Segment> present = new ArrayList<>();
    private long lastCounter;

    private DamageRepair(ShardLog log) {
        this.lastCounter = log.trimmedThrough();
    }

    /** Repairs the files; the list of segments is yet to be stored. */
    static void run(ShardAppender shard) throws IOException {
        shard.seal();
        DamageRepair repair = new DamageRepair(shard.log());
        for (Segment segment : shard.log().segments()) {
            repair.check(segment);
        }
        shard.log().repaired(repair.present);
        shard.log().wakeReaders();
    }

    private void check(Segment segment) throws IOException {
        Gap gap = segment.gap();
        if (gap != null && !gap.rescuable()) {
            moveAside(segment.file());
            return;
        }
        SegmentScan scan = gap == null ? segment.scan() : wholeFile(segment);
        if (gap != null && scan.records() == 0) {
            moveAside(segment.file());
            return;
        }
        boolean gapBefore = !present.isEmpty() && segment.header().previousCounter() > lastCounter;
        boolean broken = gap != null
                || scan.end() < segment.committed()
                || !scan.damages().isEmpty();
        if (broken || gapBefore) {
            long previous = present.isEmpty() ? segment.header().previousCounter() : lastCounter;
            present.add(rewrite(segment, scan, previous));
        } else {
            present.add(segment);
        }
        lastCounter = scan.lastCounter();
    }

    /** Scans beyond the readable part, too. */
    private SegmentScan wholeFile(Segment segment) throws IOException {
        SegmentHeader header = segment.header();
        SegmentHeader behind = new SegmentHeader(header.id(), lastCounter, header.earlierMaxMillis());
        return SegmentScan.of(MappedFiles.map(segment.file()), behind);
    }

    private static void moveAside(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, kept(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path kept(Path file) {
        return file.resolveSibling(file.getFileName() + KEPT);
    }

    private static Segment rewrite(Segment segment, SegmentScan scan, long previous) throws IOException {
        Path file = segment.file();
        Files.copy(file, kept(file), StandardCopyOption.REPLACE_EXISTING);
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        SegmentHeader old = segment.header();
        SegmentHeader header = new SegmentHeader(old.id(), previous, old.earlierMaxMillis());
        ByteBuffer content = scan.content();
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
        return Segment.complete(file, header, Math.toIntExact(Files.size(file)), scan.lastCounter());
    }

    private static void append(FileChannel channel, ByteBuffer content, int from, int to) throws IOException {
        DurableFiles.writeFully(channel, content.duplicate().limit(to).position(from), channel.size());
    }
}
