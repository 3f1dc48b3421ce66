package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;

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
}
