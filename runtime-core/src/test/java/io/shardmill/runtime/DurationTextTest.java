package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.25S, 250ms",
        "PT1.5S, 1500ms",
        "PT30S, 30s",
        "PT5M1S, 301s",
        "PT15M, 15m",
        "PT24H, 1d",
        "PT25H, 25h",
        "PT-1S, -1s",
        "PT0.0000005S, PT0.0000005S"
    })
    void a_duration_reads_as_it_is_configured(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
