package io.shardmill.embedded.model;

import io.shardmill.function.SequenceNumber;

/**
 * Covers some of a shard's sequence numbers. There may be fewer records than numbers.
 *
 * @param from each number is at least this
 * @param below each number is less than this
 */
public record NumberRange(SequenceNumber from, SequenceNumber below) {

    @Override
    public String toString() {
        return "sequence numbers from " + from + " to below " + below;
    }
}
