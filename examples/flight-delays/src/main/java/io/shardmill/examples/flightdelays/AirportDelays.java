package io.shardmill.examples.flightdelays;

/**
 * What is known of one airport's departures.
 *
 * @param totalDelay the sum of all delays, in minutes
 * @param worstDelay the largest, in minutes
 * @param lastLine the line counted last, or -1 if there was none
 */
record AirportDelays(String airport, int flights, long totalDelay, int worstDelay, int lastLine) {

    static AirportDelays none(String airport) {
        return new AirportDelays(airport, 0, 0, Integer.MIN_VALUE, -1);
    }

    /** A flight that was counted before is not counted again: an airport's lines are first delivered in their order. */
    AirportDelays plus(Flight flight) {
        if (flight.line() <= lastLine) {
            return this;
        }
        return new AirportDelays(
                airport, flights + 1, totalDelay + flight.delay(), Math.max(worstDelay, flight.delay()), flight.line());
    }

    double meanDelay() {
        return (double) totalDelay / flights;
    }
}
