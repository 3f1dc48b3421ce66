package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;

/**
 * "Lane {@code lane} of {@code factor} is finished through {@code through}". True for ever, whatever the factor is later.
 *
 * @param lane 0 to {@code factor - 1}
 * @param factor 1 to 10
 */
public record LaneFact(int lane, int factor, SequenceNumber through) {}
