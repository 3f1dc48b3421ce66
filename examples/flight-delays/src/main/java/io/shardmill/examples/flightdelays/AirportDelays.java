package io.shardmill.examples.flightdelays;

import io.shardmill.function.SequenceNumber;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one airport's departures.
 *
 * @param totalDelay the sum of all delays, in minutes
 * @param worstDelay the largest, in minutes
 * @param lastNumber the record counted last, or null if there was none
 */
record AirportDelays(
        String airport,
        int flights,
        long totalDelay,
        int worstDelay,
        @Nullable SequenceNumber lastNumber) {

    static AirportDelays none(String airport) {
        return new AirportDelays(airport, 0, 0, Integer.MIN_VALUE, null);
    }

    /** A flight that was counted before is not counted again: numbers of one airport grow in the order of delivery. */
    AirportDelays plus(CountedFlight counted) {
        if (lastNumber != null && !counted.number().isAfter(lastNumber)) {
            return this;
        }
        int delay = counted.flight().delay();
        return new AirportDelays(
                airport, flights + 1, totalDelay + delay, Math.max(worstDelay, delay), counted.number());
    }

    double meanDelay() {
        return (double) totalDelay / flights;
    }
}
