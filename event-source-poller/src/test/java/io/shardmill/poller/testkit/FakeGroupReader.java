package io.shardmill.poller.testkit;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a shard of a {@link FakeGroup} from when the shard is its member's. */
final class FakeGroupReader implements ShardReader {

    private final FakeGroupMember member;
    private final String shard;
    private final Position from;
    private final Runnable wake;
    private @Nullable ShardReader begun;
    private long next;
    private long unfinished;
    private String ahead = "";
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

    /** Returns the offset at which it begins. */
    long begin() {
        if (from instanceof Position.At at) {
            next = at.number().lowBits();
        } else if (from instanceof Position.After after) {
            next = after.number().lowBits() + 1;
        }
        unfinished = next;
        begun = member.topic().open(shard, from, wake);
        if (isWaiting) {
            wake.run();
        }
        return next;
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
        if (begun == null) {
            isWaiting = true;
            return new ReadResult.Nothing(false);
        }
        ReadResult result = begun.read(maxRecords, maxBytes);
        if (result instanceof ReadResult.Records read) {
            Record last = read.records().get(read.records().size() - 1);
            next = last.sequenceNumber().lowBits() + 1;
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
            member.finished(shard, unfinished, ahead);
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
