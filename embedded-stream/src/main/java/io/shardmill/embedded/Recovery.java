package io.shardmill.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes up a shard's segments as they are found. Only the last one is scanned: an unfinished write at its end
 * is cut off and reported. If it has damage in the middle, it is left as it is, sealed, and writing goes on in a new
 * segment. Older segments are checked when they are read.
 */
final class Recovery {

    private final SegmentStore store;
    private final Findings findings;
    private final long nowMillis;

    /** @param nowMillis the age of a segment without records counts from here */
    Recovery(SegmentStore store, Findings findings, long nowMillis) {
        this.store = store;
        this.findings = findings;
        this.nowMillis = nowMillis;
    }

    /** @param files the shard's, oldest first */
    void recover(ShardAppender shard, List<SegmentFolder.SegmentFile> files) throws IOException {
        ShardLog log = shard.log();
        List<Segment> segments = new ArrayList<>();
        SegmentHeader last = new SegmentHeader(0, 0);
        for (int i = 0; i < files.size() - 1; i++) {
            Segment segment = sealed(log, files.get(i), last);
            segments.add(segment);
            last = segment.header();
        }
        ShardLog.Tip tip = new ShardLog.Tip(last.previousCounter(), last.earlierMaxMillis());
        if (!files.isEmpty()) {
            SegmentFolder.SegmentFile file = files.get(files.size() - 1);
            ByteBuffer content = DurableFiles.map(file.path());
            SegmentHeader header = SegmentHeader.read(content);
            if (header == null) {
                header = new SegmentHeader(file.base() - 1, last.earlierMaxMillis());
                if (SegmentScan.of(content, header).records() == 0) {
                    discardUnused(log, file);
                    log.recovered(segments, lastOf(segments, tip));
                    return;
                }
                findings.damage(log.shard(), file.path(), 0, SegmentHeader.BYTES);
            }
            SegmentScan scan = SegmentScan.of(content, header);
            segments.add(takeUp(shard, file, header, scan, content));
            tip = new ShardLog.Tip(scan.lastCounter(), scan.maxMillis());
        }
        log.recovered(segments, tip);
    }

    private Segment sealed(ShardLog log, SegmentFolder.SegmentFile file, SegmentHeader before) throws IOException {
        SegmentHeader header = SegmentHeader.of(file.path());
        if (header == null) {
            findings.damage(log.shard(), file.path(), 0, SegmentHeader.BYTES);
            header = new SegmentHeader(file.base() - 1, before.earlierMaxMillis());
        }
        return Segment.complete(file.path(), file.base(), header, Math.toIntExact(Files.size(file.path())));
    }

    /** A segment whose making was cut short before anything in it was acknowledged. */
    private void discardUnused(ShardLog log, SegmentFolder.SegmentFile file) throws IOException {
        findings.tornTail(log.shard(), file.path(), 0, Files.size(file.path()));
        Files.delete(file.path());
    }

    private static ShardLog.Tip lastOf(List<Segment> segments, ShardLog.Tip fallback) throws IOException {
        if (segments.isEmpty()) {
            return fallback;
        }
        Segment last = segments.get(segments.size() - 1);
        SegmentScan scan = SegmentScan.of(last.content(), last.header());
        return new ShardLog.Tip(scan.lastCounter(), scan.maxMillis());
    }

    private Segment takeUp(
            ShardAppender shard,
            SegmentFolder.SegmentFile file,
            SegmentHeader header,
            SegmentScan scan,
            ByteBuffer content)
            throws IOException {
        ShardLog log = shard.log();
        if (scan.tornBytes() > 0) {
            findings.tornTail(log.shard(), file.path(), scan.end(), scan.tornBytes());
        }
        for (SegmentScan.Damage damage : scan.damages()) {
            findings.damage(log.shard(), file.path(), damage.from(), damage.to() - damage.from());
        }
        Segment segment = Segment.growing(file.path(), file.base(), header, scan.end(), scan.index());
        SegmentWriter writer = store.reopen(segment);
        if (content.limit() > scan.end()) {
            writer.cutBack();
            writer.close();
        }
        if (scan.damages().isEmpty() && log.meta().isOpen()) {
            shard.resume(writer, firstArrival(content, scan));
        } else {
            segment.seal();
        }
        return segment;
    }

    private long firstArrival(ByteBuffer content, SegmentScan scan) {
        return scan.records() == 0 ? nowMillis : Frame.millis(content, SegmentHeader.BYTES);
    }
}
