package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.files.MappedFiles;
import io.shardmill.embedded.internal.metadata.SegmentMeta;
import io.shardmill.embedded.internal.metadata.ShardSegments;
import io.shardmill.embedded.model.RecoveryReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepts that the newest records of a shard are missing because the machine died before they were on the disk, and
 * reports which. Only what is missing behind the last record found is accepted; a hole before it stays damage.
 */
final class LostTail {

    private final Recovery recovery;
    private final ShardLog log;
    private final List<SegmentFolder.SegmentFile> files;

    LostTail(Recovery recovery, ShardLog log, List<SegmentFolder.SegmentFile> files) {
        this.recovery = recovery;
        this.log = log;
        this.files = files;
    }

    /** Returns the segments that the shard must still have. */
    List<SegmentMeta> accept(ShardSegments known) throws IOException {
        List<SegmentMeta> left = new ArrayList<>(known.list());
        while (!left.isEmpty()) {
            SegmentMeta last = left.remove(left.size() - 1);
            Path file = fileOf(last);
            if (file == null) {
                continue;
            }
            SegmentScan scan = scan(file, last);
            if (isMeant(file, scan)) {
                boolean whole = scan.end() >= last.bytes();
                left.add(whole ? last : new SegmentMeta(last.base(), scan.end(), scan.lastCounter()));
                break;
            }
        }
        report(known, left);
        return left;
    }

    private @Nullable Path fileOf(SegmentMeta segment) {
        for (SegmentFolder.SegmentFile file : files) {
            if (file.base() == segment.base()) {
                return file.path();
            }
        }
        return null;
    }

    private SegmentScan scan(Path file, SegmentMeta segment) throws IOException {
        SegmentHeader header = SegmentHeader.of(file);
        SegmentHeader assumed = new SegmentHeader(log.segmentId(segment.base()), segment.base() - 1, 0);
        return SegmentScan.of(MappedFiles.map(file), header == null ? assumed : header);
    }

    /** A file without a header and without a record never reached the disk. */
    private static boolean isMeant(Path file, SegmentScan scan) throws IOException {
        return scan.records() > 0 || SegmentHeader.of(file) != null;
    }

    private void report(ShardSegments known, List<SegmentMeta> left) throws IOException {
        if (known.list().equals(left)) {
            return;
        }
        int lost = known.list().size() - left.size();
        SegmentMeta end = left.isEmpty() ? null : left.get(left.size() - 1);
        boolean cut = end != null && !known.list().contains(end);
        SegmentMeta first = known.list().get(cut ? left.size() - 1 : left.size());
        int from = cut && end != null ? end.bytes() : 0;
        long after = end == null ? known.trimmedThrough() : end.lastCounter();
        long through = known.list().get(known.list().size() - 1).lastCounter();
        recovery.found(new DamageFindings(log)
                .finding(
                        RecoveryReport.Kind.LOST_TAIL,
                        recovery.store().folder().file(log.shard().id(), first.base()),
                        from,
                        first.bytes() - from,
                        after,
                        through));
        for (SegmentMeta gone :
                known.list().subList(known.list().size() - lost, known.list().size())) {
            Files.deleteIfExists(recovery.store().folder().file(log.shard().id(), gone.base()));
        }
    }
}
