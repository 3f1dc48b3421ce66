package io.shardmill.embedded;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One shard as readers see it: its segments, where it ends, and who waits for more. The log thread alone
 * changes it; any thread reads it.
 */
final class ShardLog {

    private final Shard shard;
    private final SequenceNumbers numbers;
    private final List<EmbeddedReader> readers = new CopyOnWriteArrayList<>();
    private volatile ShardMeta meta;
    private volatile Segment[] segments = {};
    private volatile Tip tip;
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
    record Tip(long counter, long millis) {}

    ShardLog(String stream, ShardMeta meta) {
        this.shard = new Shard(stream, meta.id());
        this.numbers = meta.numbers();
        this.meta = meta;
        this.tip = new Tip(0, 0);
    }

    Shard shard() {
        return shard;
    }

    SequenceNumbers numbers() {
        return numbers;
    }

    ShardMeta meta() {
        return meta;
    }

    Tip tip() {
        return tip;
    }

    SequenceNumber tipNumber() {
        Tip now = tip;
        return numbers.number(now.counter, now.millis);
    }

    /** Oldest first. */
    Segment[] segments() {
        return segments;
    }

    /** The counter of the last record that was deleted for its age, 0 if none was. */
    long trimmedThrough() {
        if (state == State.EXPIRED) {
            return tip.counter;
        }
        Segment[] now = segments;
        return now.length == 0 ? 0 : now[0].header().previousCounter();
    }

    /** No record will be added any more. Ask before looking at the segments, which are then final. */
    boolean isClosed() {
        return !meta.isOpen() || state == State.EXPIRED;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    boolean isShut() {
        return state == State.SHUT;
    }

    void addReader(EmbeddedReader reader) {
        readers.add(reader);
    }

    void removeReader(EmbeddedReader reader) {
        readers.remove(reader);
    }

    // Log thread only.

    void recovered(List<Segment> found, Tip end) {
        segments = found.toArray(Segment[]::new);
        tip = end;
    }

    void added(Segment segment) {
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = segment;
        segments = more;
    }

    /** Forgets the oldest ones. */
    void trimmed(int count) {
        Segment[] now = segments;
        segments = Arrays.copyOfRange(now, count, now.length);
        for (int i = 0; i < count; i++) {
            now[i].retire();
        }
    }

    void replaced(Segment old, Segment repaired) {
        Segment[] changed = segments.clone();
        Arrays.asList(changed).replaceAll(segment -> segment == old ? repaired : segment);
        segments = changed;
        old.retire();
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

    void wakeReaders() {
        for (EmbeddedReader reader : readers) {
            reader.wake();
        }
    }
}
