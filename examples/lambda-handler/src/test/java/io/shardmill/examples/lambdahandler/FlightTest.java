package io.shardmill.examples.lambdahandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FlightTest {

    @Test
    void a_flight_has_a_delay_that_may_be_less_than_nothing() {
        assertThat(Flight.delayIn("{\"date\":\"2001/01/01 00:47\",\"delay\":66,\"origin\":\"DTW\"}"))
                .isEqualTo(66);
        assertThat(Flight.delayIn("{\"delay\":-5}")).isEqualTo(-5);
    }

    @Test
    void half_a_flight_is_none() {
        assertThatThrownBy(() -> Flight.delayIn("{\"date\":\"2001/01/01 00:47\",\"delay\":66,\"ori"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
