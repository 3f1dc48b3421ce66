package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.ShardSegments;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Shows one shard to readers: its segments, its end, and the readers that wait for more. The log thread alone
 * changes it; any thread reads it.
 */
public final class ShardLog {

    private final Shard shard;
    private final UUID incarnation;
    private final SequenceNumbers numbers;
    private final List<LogReader> readers = new CopyOnWriteArrayList<>();
    private volatile ShardMeta meta;
    private volatile Segment[] segments = {};
    private volatile Tip tip;
    private volatile long trimmedThrough;
    private volatile State state = State.LIVE;

    private enum State {
        LIVE,
        /** Closed and past its retention: its files are deleted. */
        EXPIRED,
        /** The stream was deleted. */
        GONE,
        /** The folder was closed. */
        SHUT
    }

    /**
     * The end of the log.
     *
     * @param counter of the last record, 0 before the first; every later record has a larger one
     * @param millis the latest arrival so far
     */
    public record Tip(long counter, long millis) {}

    /** @param incarnation of the stream */
    ShardLog(String stream, UUID incarnation, ShardMeta meta) {
        this.shard = new Shard(stream, meta.id());
        this.incarnation = incarnation;
        this.numbers = meta.numbers();
        this.meta = meta;
        this.tip = new Tip(0, 0);
    }

    public Shard shard() {
        return shard;
    }

    SegmentId segmentId(long base) {
        return new SegmentId(incarnation, meta.index(), base);
    }

    SequenceNumbers numbers() {
        return numbers;
    }

    public ShardMeta meta() {
        return meta;
    }

    public Tip tip() {
        return tip;
    }

    public SequenceNumber tipNumber() {
        Tip now = tip;
        return numbers.number(now.counter, now.millis);
    }

    /** Returns the segments, oldest first. */
    Segment[] segments() {
        return segments;
    }

    /** Returns the counter of the last record that was deleted for its age, 0 if none was. */
    long trimmedThrough() {
        return state == State.EXPIRED ? tip.counter : trimmedThrough;
    }

    /** Returns how many records have a larger counter than that; empty if records are missing among them, or all are gone. */
    OptionalLong recordsAfter(long counter) {
        long records = 0;
        for (Segment segment : segments) {
            Gap gap = segment.gap();
            if (gap != null && gap.through() > counter) {
                return OptionalLong.empty();
            }
            records += segment.recordsAfter(counter);
        }
        return state == State.GONE || state == State.SHUT ? OptionalLong.empty() : OptionalLong.of(records);
    }

    /** Returns whether the shard takes no more records. Ask before reading the segments, which are final then. */
    boolean isClosed() {
        return !meta.isOpen() || state == State.EXPIRED;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    boolean isShut() {
        return state == State.SHUT;
    }

    /** Opens a reader, which wakes its owner when there is more. */
    public ShardReader open(Position from, Runnable wake, RecoveryLog recoveryLog) {
        LogReader reader = new LogReader(this, from, wake, recoveryLog);
        addReader(reader);
        return reader;
    }

    void addReader(LogReader reader) {
        readers.add(reader);
    }

    void removeReader(LogReader reader) {
        readers.remove(reader);
    }

    // Log thread only.

    void recovered(long trimmed, List<Segment> found, Tip end) {
        trimmedThrough = trimmed;
        segments = found.toArray(Segment[]::new);
        tip = end;
    }

    /** Returns what is stored of the segments. */
    public ShardSegments stored() {
        return new ShardSegments(
                trimmedThrough,
                Arrays.stream(segments)
                        .map(Segment::stored)
                        .filter(Objects::nonNull)
                        .toList());
    }

    void added(Segment segment) {
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = segment;
        segments = more;
    }

    /** Removes the oldest segments. */
    void trimmed(int count) {
        Segment[] now = segments;
        if (count > 0) {
            trimmedThrough = now[count - 1].lastCounter();
        }
        segments = Arrays.copyOfRange(now, count, now.length);
        for (int i = 0; i < count; i++) {
            now[i].retire();
        }
    }

    /** Replaces the segments by repaired ones. */
    void repaired(List<Segment> present) {
        Segment[] before = segments;
        trimmedThrough =
                present.isEmpty() ? tip.counter : present.get(0).header().previousCounter();
        segments = present.toArray(Segment[]::new);
        for (Segment segment : before) {
            if (!present.contains(segment)) {
                segment.retire();
            }
        }
    }

    void grew(Tip end) {
        tip = end;
    }

    void closed(ShardMeta closedMeta) {
        meta = closedMeta;
        wakeReaders();
    }

    void expired() {
        leave(State.EXPIRED);
    }

    void gone() {
        leave(State.GONE);
    }

    void shut() {
        leave(State.SHUT);
    }

    private void leave(State last) {
        state = last;
        trimmed(segments.length);
        wakeReaders();
    }

    public void wakeReaders() {
        for (LogReader reader : readers) {
            reader.wake();
        }
    }

    /**
     * Describes the part of a file that a copy of this shard needs.
     *
     * @param whole whether it is as it was written; if not, the copy is damaged in the same way
     */
    public record CopiedFile(Path path, long bytes, boolean whole) {}

    public List<CopiedFile> filesToCopy() throws IOException {
        List<CopiedFile> files = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.gap() == null) {
                files.add(new CopiedFile(segment.file(), segment.committed(), true));
            } else if (Files.exists(segment.file())) {
                files.add(new CopiedFile(segment.file(), Files.size(segment.file()), false));
            }
        }
        return files;
    }

    public List<Path> files() {
        return Arrays.stream(segments).map(Segment::file).toList();
    }
}
