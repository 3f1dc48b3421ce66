package io.shardmill.poller.testkit;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.testkit.FakeGroup.LogRead;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a shard of a {@link FakeGroup} from when the shard is its member's. */
final class FakeGroupReader implements ShardReader {

    private static final ReadResult UNAVAILABLE =
            new ReadResult.Unavailable("records were lost", Duration.ofSeconds(1));

    private final FakeGroupMember member;
    private final String shard;
    private final Position from;
    private final Runnable wake;
    private @Nullable ShardReader begun;
    private long next;
    private long unfinished;
    private String ahead = "";
    private @Nullable LogRead read;

    /** The epoch of the log when it was read last. */
    private int epoch;

    private boolean isLost;
    private boolean isWaiting;
    private boolean isGone;
    private boolean isClosed;

    FakeGroupReader(FakeGroupMember member, String shard, Position from, Runnable wake) {
        this.member = member;
        this.shard = shard;
        this.from = from;
        this.wake = wake;
    }

    String shard() {
        return shard;
    }

    Position from() {
        return from;
    }

    boolean isBegun() {
        return begun != null;
    }

    /** The first offset that was not given to the shard. */
    long next() {
        return next;
    }

    /** What is finished of what comes after that at which it begins. */
    String ahead() {
        return ahead;
    }

    /** Returns how far the log was read, here or before; null if that is not known. */
    @Nullable
    LogRead logRead() {
        return read;
    }

    /** Returns whether records that were read are known to be lost. */
    boolean isLost() {
        return isLost;
    }

    /**
     * Returns whether it has begun: not if it resumes and the log has lost records.
     *
     * @param known how far the log was read before; null if that is not known
     */
    boolean begin(@Nullable LogRead known) {
        boolean resumes = from instanceof Position.At || from instanceof Position.After || !ahead.isEmpty();
        read = resumes ? known : null;
        epoch = member.topic().epoch(shard);
        if (from instanceof Position.At at) {
            next = at.number().lowBits();
        } else if (from instanceof Position.After after) {
            next = after.number().lowBits() + 1;
        }
        unfinished = next;
        if (look()) {
            wake.run();
            return false;
        }
        begun = member.topic().open(shard, from, wake);
        if (isWaiting) {
            wake.run();
        }
        return true;
    }

    /** Returns whether the log has lost records that were read. */
    private boolean look() {
        LogRead up = read == null || read.offset() < next ? new LogRead(next, epoch) : read;
        isLost |= member.checksLogs() && member.topic().hasLost(shard, up.offset(), up.epoch());
        return isLost;
    }

    void gone() {
        isGone = true;
        wake.run();
    }

    @Override
    public ReadResult read(int maxRecords, int maxBytes) {
        if (isGone) {
            return new ReadResult.StreamGone();
        }
        if (begun != null && look()) {
            return UNAVAILABLE;
        }
        if (begun == null) {
            isWaiting = true;
            return isLost ? UNAVAILABLE : new ReadResult.Nothing(false);
        }
        epoch = member.topic().epoch(shard);
        ReadResult result = begun.read(maxRecords, maxBytes);
        if (result instanceof ReadResult.Records found) {
            Record last = found.records().get(found.records().size() - 1);
            next = last.sequenceNumber().lowBits() + 1;
            read = read != null && read.offset() > next ? read : new LogRead(next, epoch);
        }
        return result;
    }

    @Override
    public OptionalLong recordsBehind() {
        return begun == null ? OptionalLong.empty() : begun.recordsBehind();
    }

    @Override
    public void finished(@Nullable SequenceNumber number, String said) {
        ahead = said;
        if (!isClosed && begun != null) {
            unfinished = number == null ? unfinished : number.lowBits() + 1;
            member.finished(shard, unfinished, read, ahead);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        if (begun != null) {
            begun.close();
        }
        member.closed(this);
    }
}
