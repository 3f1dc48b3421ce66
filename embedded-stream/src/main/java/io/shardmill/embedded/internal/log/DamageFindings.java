package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.model.NumberRange;
import io.shardmill.embedded.model.RecoveryReport.Finding;
import io.shardmill.embedded.model.RecoveryReport.Kind;
import java.io.IOException;
import java.nio.file.Path;

/** Makes the findings of one shard. */
record DamageFindings(ShardLog log) {

    /** @param after counter of the last record before those that are missing, {@code through} of the last of those */
    Finding finding(Kind kind, Path file, long from, long bytes, long after, long through) {
        SequenceNumbers numbers = log.numbers();
        NumberRange lost = new NumberRange(numbers.number(after + 1, 0), numbers.number(through + 1, 0));
        return new Finding(kind, log.shard(), file, from, bytes, lost);
    }

    Finding changed(Path file, SegmentScan.Damage damage) {
        return finding(
                Kind.CHANGED, file, damage.from(), damage.to() - damage.from(), damage.after(), damage.before() - 1);
    }

    /** Returns the finding for changed bytes at the offset. */
    Finding changed(Segment segment, int offset) throws IOException {
        SegmentScan scan = segment.scan();
        for (SegmentScan.Damage damage : scan.damages()) {
            if (damage.from() <= offset && offset < damage.to()) {
                return changed(segment.file(), damage);
            }
        }
        int end = scan.end();
        return finding(
                Kind.CHANGED,
                segment.file(),
                end,
                segment.committed() - end,
                scan.lastCounter(),
                segment.lastCounter());
    }

    /** Returns the finding for records that a segment's header names and no earlier segment has. */
    Finding missingBefore(Segment segment, long readThrough) {
        return finding(
                Kind.UNCONNECTED,
                segment.file(),
                0,
                0,
                readThrough,
                segment.header().previousCounter());
    }
}
