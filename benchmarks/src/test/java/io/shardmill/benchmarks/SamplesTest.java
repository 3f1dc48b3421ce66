package io.shardmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    private static Samples of(double... values) {
        return new Samples(values);
    }

    @Test
    void the_median_of_an_odd_number_is_the_middle_one_and_of_an_even_number_the_mean_of_two() {
        assertThat(of(9, 1, 5).median()).isEqualTo(5);
        assertThat(of(9, 1, 5, 6).median()).isEqualTo(5.5);
    }

    @Test
    void a_percentile_is_a_value_that_was_measured() {
        Samples hundred =
                of(IntStream.rangeClosed(1, 100).mapToDouble(value -> value).toArray());
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(of(7).percentile(99)).isEqualTo(7);
    }

    @Test
    void the_smallest_and_the_largest_stand_beside_the_median() {
        assertThat(of(3, 1, 2).show("%.1f", " ms")).isEqualTo("2.0 ms [1.0 - 3.0]");
    }
}
