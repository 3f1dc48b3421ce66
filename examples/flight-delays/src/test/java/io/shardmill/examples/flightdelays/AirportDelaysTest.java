package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AirportDelaysTest {

    private static Flight flight(int line, int delay) {
        return new Flight(line, "2001/01/01 00:01", delay, 300, "JFK", "BOS");
    }

    @Test
    void counts_flights_their_delay_and_the_worst() {
        AirportDelays delays = AirportDelays.none("JFK")
                .plus(flight(0, -5))
                .plus(flight(2, 20))
                .plus(flight(7, 3));

        assertThat(delays).isEqualTo(new AirportDelays("JFK", 3, 18, 20, 7));
        assertThat(delays.meanDelay()).isEqualTo(6.0);
    }

    @Test
    void a_flight_that_is_delivered_or_put_again_is_not_counted_again() {
        AirportDelays delays = AirportDelays.none("JFK").plus(flight(1, 10)).plus(flight(2, 20));

        assertThat(delays.plus(flight(1, 10)).plus(flight(2, 20))).isEqualTo(delays);
    }
}
