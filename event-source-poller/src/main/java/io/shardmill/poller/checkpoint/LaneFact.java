package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;
import java.util.ArrayList;
import java.util.List;

/**
 * "Lane {@code lane} of {@code factor} is finished through {@code through}". True for ever, whatever the factor is later.
 *
 * @param lane 0 to {@code factor - 1}
 * @param factor 1 to 10
 * @param unpacked whether lanes are those of {@linkplain io.shardmill.poller.stream.StreamSource#unpacks unpacked} records: says
 *     nothing of the same records when they are read as they are stored, because their keys are others
 */
public record LaneFact(int lane, int factor, SequenceNumber through, boolean unpacked) {

    /** Of records that are read as they are stored. */
    public LaneFact(int lane, int factor, SequenceNumber through) {
        this(lane, factor, through, false);
    }

    /** Returns whether it says this of the other's lane, too. */
    public boolean covers(LaneFact other) {
        return isOfLaneOf(other) && !other.through.isAfter(through);
    }

    private boolean isOfLaneOf(LaneFact other) {
        return lane == other.lane && factor == other.factor && unpacked == other.unpacked;
    }

    /** Returns all that the facts of both say: the further-reaching one of each lane. */
    public static List<LaneFact> union(List<LaneFact> facts, List<LaneFact> others) {
        List<LaneFact> union = new ArrayList<>(facts);
        for (LaneFact other : others) {
            if (union.stream().noneMatch(fact -> fact.covers(other))) {
                union.removeIf(other::isOfLaneOf);
                union.add(other);
            }
        }
        return union;
    }
}
