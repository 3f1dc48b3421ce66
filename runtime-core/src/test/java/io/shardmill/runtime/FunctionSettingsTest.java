package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FunctionSettingsTest {

    @Test
    void a_function_has_30_seconds_and_no_limit_by_default() {
        assertThat(FunctionSettings.defaults())
                .isEqualTo(new FunctionSettings(Duration.ofSeconds(30), FunctionSettings.UNLIMITED));
    }

    @Test
    void what_is_out_of_range_is_an_error_with_the_property_the_value_and_the_rule() {
        assertThatThrownBy(() -> new FunctionSettings(Duration.ZERO, -1))
                .hasMessageContainingAll("timeout", "0s", "15m");
        assertThatThrownBy(() -> new FunctionSettings(Duration.ofMinutes(16), -1))
                .hasMessageContaining("16m");
        assertThatThrownBy(() -> new FunctionSettings(Duration.ofSeconds(1), -2))
                .hasMessageContainingAll("reserved-concurrency", "-2", "-1 for no limit");
    }
}
