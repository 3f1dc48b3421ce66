package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.files.MappedFiles;
import io.shardmill.embedded.internal.metadata.SegmentMeta;
import io.shardmill.embedded.internal.metadata.ShardSegments;
import io.shardmill.embedded.model.RecoveryReport.Finding;
import io.shardmill.embedded.model.RecoveryReport.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recovers one shard's segments and compares them with what is stored of them. Where records are
 * missing it leaves a {@link Gap}, at which reading stops. Only the last segment is scanned: what a crash may have left
 * at its end is cut off and reported. Older segments are checked when they are read.
 */
final class ShardRecovery {

    private final Recovery recovery;
    private final ShardLog log;
    private final ShardSegments known;
    private final DamageFindings damages;
    private final Map<Long, Path> files = new TreeMap<>();
    private final List<Segment> segments = new ArrayList<>();
    /** The latest arrival before the segment that was recovered last. */
    private long earlierMillis;

    private ShardLog.Tip tip;
    private long newestCounter;

    ShardRecovery(Recovery recovery, ShardLog log, ShardSegments known, List<SegmentFolder.SegmentFile> files) {
        this.recovery = recovery;
        this.log = log;
        this.known = known;
        this.damages = new DamageFindings(log);
        this.earlierMillis = recovery.nowMillis();
        this.tip = new ShardLog.Tip(known.trimmedThrough(), 0);
        files.forEach(file -> this.files.put(file.base(), file.path()));
    }

    /** Returns the largest counter found. */
    long run() throws IOException {
        // From the last one to the first: what is lost with a header is known from the header behind it.
        for (int i = known.list().size() - 1; i >= 0; i--) {
            boolean last = i == known.list().size() - 1;
            long previous =
                    i == 0 ? known.trimmedThrough() : known.list().get(i - 1).lastCounter();
            Segment segment = listed(known.list().get(i), previous, last);
            earlierMillis = segment.header().earlierMaxMillis();
            segments.add(segment);
        }
        for (Map.Entry<Long, Path> file : files.entrySet()) {
            Segment segment = unlisted(file.getKey(), file.getValue());
            if (segment != null) {
                segments.add(segment);
            }
        }
        segments.sort(Comparator.comparingLong(Segment::base));
        log.recovered(known.trimmedThrough(), segments, tip);
        return Math.max(newestCounter, tip.counter());
    }

    private Segment listed(SegmentMeta stored, long previous, boolean last) {
        SegmentId id = log.segmentId(stored.base());
        SegmentHeader assumed = new SegmentHeader(id, previous, earlierMillis);
        Path file = files.remove(stored.base());
        if (file == null) {
            Path missing = recovery.store().folder().file(log.shard().id(), stored.base());
            return broken(Kind.MISSING, missing, assumed, stored, last);
        }
        try {
            SegmentHeader header = SegmentHeader.of(file);
            if (header == null) {
                boolean whole = Files.size(file) >= SegmentHeader.BYTES;
                return broken(whole ? Kind.HEADER : Kind.SHORTENED, file, assumed, stored, last);
            }
            if (!header.id().equals(id)) {
                return broken(Kind.MISPLACED, file, assumed, stored, last);
            }
            return last ? last(file, header, stored) : sealed(file, header, stored);
        } catch (IOException e) {
            return broken(Kind.UNREADABLE, file, assumed, stored, last);
        }
    }

    /** Makes a segment of which nothing can be read. */
    private Segment broken(Kind kind, Path file, SegmentHeader header, SegmentMeta stored, boolean last) {
        long bytes = kind == Kind.HEADER ? SegmentHeader.BYTES : kind == Kind.MISSING ? 0 : stored.bytes();
        long through = through(stored, last);
        Finding finding = damages.finding(kind, file, 0, bytes, header.previousCounter(), through);
        return broken(file, header, 0, last, new Gap(stored, through, kind == Kind.HEADER, finding));
    }

    /** Returns the last counter that may be missing; after a crash, any counter before this opening's. */
    private long through(SegmentMeta stored, boolean last) {
        long end = last && !recovery.lastRun().stopped() ? recovery.firstCounter() - 1 : stored.lastCounter();
        return Math.max(end, stored.base());
    }

    private Segment broken(Path file, SegmentHeader header, int readable, boolean last, Gap gap) {
        recovery.found(gap.finding());
        if (last) {
            tip = new ShardLog.Tip(gap.through(), recovery.nowMillis());
        }
        return Segment.broken(file, header, readable, gap.through(), gap);
    }

    private Segment sealed(Path file, SegmentHeader header, SegmentMeta stored) throws IOException {
        return Files.size(file) >= stored.bytes()
                ? Segment.complete(file, header, stored.bytes(), stored.lastCounter())
                : shortened(file, header, stored, false, SegmentScan.of(MappedFiles.map(file), header));
    }

    private Segment shortened(Path file, SegmentHeader header, SegmentMeta stored, boolean last, SegmentScan scan) {
        long through = through(stored, last);
        Finding finding = damages.finding(
                Kind.SHORTENED, file, scan.end(), stored.bytes() - (long) scan.end(), scan.lastCounter(), through);
        return broken(file, header, scan.end(), last, new Gap(stored, through, true, finding));
    }

    private Segment last(Path file, SegmentHeader header, SegmentMeta stored) throws IOException {
        ByteBuffer content = MappedFiles.map(file);
        SegmentScan scan = SegmentScan.of(content, header);
        if (scan.end() < stored.bytes()) {
            return shortened(file, header, stored, true, scan);
        }
        boolean stopped = recovery.lastRun().stopped();
        if (stopped && (scan.end() > stored.bytes() || scan.lastCounter() != stored.lastCounter())) {
            long through = Math.max(scan.lastCounter(), stored.base());
            Finding finding = damages.finding(
                    Kind.UNLISTED,
                    file,
                    stored.bytes(),
                    scan.end() - (long) stored.bytes(),
                    stored.lastCounter(),
                    through);
            return broken(file, header, stored.bytes(), true, new Gap(stored, through, true, finding));
        }
        return intact(file, header, scan, content);
    }

    private Segment intact(Path file, SegmentHeader header, SegmentScan scan, ByteBuffer content) throws IOException {
        if (scan.tornBytes() > 0) {
            long end = recovery.firstCounter() - 1;
            recovery.found(
                    damages.finding(Kind.TORN_TAIL, file, scan.end(), scan.tornBytes(), scan.lastCounter(), end));
        }
        scan.damages().forEach(damage -> recovery.found(damages.changed(file, damage)));
        Segment segment = Segment.growing(file, header, scan.end(), scan.lastCounter(), scan.index());
        if (content.limit() > scan.end()) {
            SegmentWriter writer = recovery.store().reopen(segment);
            writer.cutBack();
            writer.close();
        }
        tip = new ShardLog.Tip(scan.lastCounter(), scan.maxMillis());
        segment.seal(); // this opening's numbers begin another one
        return segment;
    }

    /** Returns null if the file is deleted: a crash left it, and no record is in it. */
    private @Nullable Segment unlisted(long base, Path file) throws IOException {
        SegmentHeader own = new SegmentHeader(log.segmentId(base), 0, recovery.nowMillis());
        SegmentHeader header;
        SegmentScan scan;
        try {
            header = SegmentHeader.of(file);
            scan = SegmentScan.of(MappedFiles.map(file), own);
        } catch (IOException e) {
            return unlisted(Kind.UNREADABLE, file, own, base, false);
        }
        if (header == null) {
            if (base > tip.counter() && scan.records() == 0) {
                long size = Files.size(file);
                recovery.found(damages.finding(Kind.TORN_TAIL, file, 0, size, base - 1, base - 1));
                Files.delete(file);
                return null;
            }
            return unlisted(Kind.HEADER, file, own, base, false);
        }
        if (!header.id().equals(own.id())) {
            return unlisted(Kind.MISPLACED, file, own, base, false);
        }
        newestCounter = Math.max(newestCounter, scan.lastCounter());
        if (base <= known.trimmedThrough() || scan.records() == 0) {
            Files.delete(file);
            return null;
        }
        return unlisted(Kind.UNLISTED, file, own, scan.lastCounter(), true);
    }

    private Segment unlisted(Kind kind, Path file, SegmentHeader header, long through, boolean rescuable) {
        long end = Math.max(through, header.id().base());
        Finding finding = damages.finding(kind, file, 0, 0, header.id().base() - 1, end);
        return broken(file, header, 0, false, new Gap(null, end, rescuable, finding));
    }
}
