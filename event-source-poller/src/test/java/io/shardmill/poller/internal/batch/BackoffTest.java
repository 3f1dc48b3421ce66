package io.shardmill.poller.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Delays between attempts (spec 6.3; cap and absence of jitter are this project's choice, Lambda's are not known). */
class BackoffTest {

    @Test
    void after_failures_200_ms_doubling_to_60_s() {
        assertThat(IntStream.rangeClosed(1, 11).mapToLong(Backoff::afterFailure))
                .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 51_200L, 60_000L, 60_000L);
    }

    @Test
    void after_refusals_200_ms_doubling_to_5_s() {
        assertThat(IntStream.rangeClosed(1, 7).mapToLong(Backoff::afterRefusal))
                .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
    }

    @Test
    void stays_at_its_cap_however_many_attempts_there_were() {
        assertThat(Backoff.afterFailure(10_001)).isEqualTo(60_000);
        assertThat(Backoff.afterRefusal(10_001)).isEqualTo(5_000);
    }
}
