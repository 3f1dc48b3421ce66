package io.shardmill.poller.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.runtime.DurationText;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSourceMappingTest {

    private static final Batching BATCHING = Batching.defaults();
    private static final FailureHandling FAILURES = FailureHandling.defaults();

    @Test
    void a_tumbling_windows_state_is_no_part_of_a_transaction() {
        EventSourceMapping windowed =
                EventSourceMapping.of("m", "s").with(Batching.defaults().withTumblingWindow(Duration.ofSeconds(30)));
        assertThatThrownBy(() -> windowed.with(FailureHandling.defaults().withTransactions()))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageStartingWith("transactional: true does not go with tumbling-window");
    }

    @Test
    void has_lambdas_defaults_and_its_own_name_as_function() {
        EventSourceMapping mapping = EventSourceMapping.of("orders-mapping", "orders");
        assertThat(mapping)
                .isEqualTo(new EventSourceMapping(
                        "orders-mapping",
                        new EventSource("orders", new StartingPosition.TrimHorizon()),
                        "orders-mapping",
                        new Batching(100, Duration.ZERO, 1),
                        new FailureHandling(-1, null, false, false, null)));
    }

    @Test
    void each_setting_is_changed_alone() {
        assertThat(BATCHING.withBatchSize(5).withWindow(Duration.ofSeconds(2)).withFactor(3))
                .isEqualTo(new Batching(5, Duration.ofSeconds(2), 3));
        assertThat(FAILURES.withMaximumRetryAttempts(2)
                        .withMaximumRecordAge(Duration.ofHours(1))
                        .withBisect()
                        .withReportBatchItemFailures()
                        .withDestination("log"))
                .isEqualTo(new FailureHandling(2, Duration.ofHours(1), true, true, "log"));
        EventSourceMapping mapping = EventSourceMapping.of("m", "s")
                .withFunction("parse|store")
                .with(new StartingPosition.Latest())
                .with(BATCHING.withBatchSize(5))
                .with(FAILURES.withBisect());
        assertThat(mapping)
                .isEqualTo(new EventSourceMapping(
                        "m",
                        new EventSource("s", new StartingPosition.Latest()),
                        "parse|store",
                        BATCHING.withBatchSize(5),
                        FAILURES.withBisect()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void case_7_a_batch_size_out_of_range_is_refused(int size) {
        assertRefused(() -> BATCHING.withBatchSize(size), "batch-size", String.valueOf(size), "between 1 and 10000");
    }

    @Test
    void case_8_a_batch_size_over_10_needs_no_window() {
        assertThat(BATCHING.withBatchSize(101).maximumBatchingWindow()).isZero();
        assertThat(BATCHING.withBatchSize(10_000).batchSize()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11})
    void case_9_a_factor_out_of_range_is_refused(int factor) {
        assertRefused(
                () -> BATCHING.withFactor(factor),
                "parallelization-factor",
                String.valueOf(factor),
                "between 1 and 10");
    }

    @Test
    void case_9_a_window_out_of_range_is_refused() {
        assertRefused(() -> BATCHING.withWindow(Duration.ofSeconds(301)), "maximum-batching-window", "301s", "300s");
        assertRefused(() -> BATCHING.withWindow(Duration.ofMillis(-1)), "maximum-batching-window", "-1ms", "0s");
        assertThat(BATCHING.withWindow(Duration.ofMinutes(5)).maximumBatchingWindow())
                .hasMinutes(5);
    }

    @Test
    void case_10_a_record_age_below_a_minute_or_above_a_week_is_refused() {
        for (Duration age : new Duration[] {
            Duration.ZERO, Duration.ofSeconds(59), Duration.ofSeconds(-1), Duration.ofSeconds(604_801)
        }) {
            assertRefused(
                    () -> FAILURES.withMaximumRecordAge(age),
                    "maximum-record-age",
                    DurationText.of(age),
                    "between 60s and 604800s");
        }
        assertThat(FAILURES.withMaximumRecordAge(Duration.ofSeconds(60)).maximumRecordAge())
                .hasSeconds(60);
        assertThat(FAILURES.withMaximumRecordAge(Duration.ofDays(7)).maximumRecordAge())
                .hasDays(7);
        assertThat(FAILURES.maximumRecordAge()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 10_001})
    void retries_out_of_range_are_refused(int attempts) {
        assertRefused(
                () -> FAILURES.withMaximumRetryAttempts(attempts),
                "maximum-retry-attempts",
                String.valueOf(attempts),
                "between -1 and 10000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a/b", "ümlaut", "12345678901234567890123456789012345678901234567890123456789012345"})
    void a_name_that_could_not_be_a_key_is_refused(String name) {
        assertRefused(() -> EventSourceMapping.of(name, "s"), "name", "'" + name + "'", "1 to 64 letters");
    }

    @Test
    void blank_names_of_others_are_refused() {
        assertRefused(() -> EventSourceMapping.of("m", " "), "stream", "' '", "must name a stream");
        assertRefused(() -> EventSourceMapping.of("m", "s").withFunction(""), "function", "''", "must name a function");
        assertRefused(() -> FAILURES.withDestination(" "), "on-failure", "''", "must name a destination");
    }

    @Test
    void case_22_a_tumbling_window_does_not_go_with_filters_and_an_empty_list_is_none() {
        EventSourceMapping windows =
                EventSourceMapping.of("m", "s").with(BATCHING.withTumblingWindow(Duration.ofSeconds(10)));
        assertThat(windows.with(new FilterCriteria(List.of()))).isEqualTo(windows);
        FilterCriteria one = new FilterCriteria(List.of("{\"data\":{\"a\":[1]}}"));
        assertThatThrownBy(() -> windows.with(one))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContaining("tumbling-window: 10s")
                .hasMessageContaining("filters");
    }

    private static void assertRefused(ThrowingCallable call, String property, String value, String rule) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidMappingException.class,
                        e -> assertThat(e.property()).isEqualTo(property))
                .hasMessageContainingAll(property + ": " + value, rule);
    }

    @Test
    void a_name_that_is_a_uuid_is_the_mappings_uuid_and_any_other_name_has_one_of_its_own() {
        String uuid = "c9d2f7f0-4b7e-4a6e-9d55-1f6f3b2a8c11";
        assertThat(EventSourceMapping.uuidOf(uuid)).hasToString(uuid);
        assertThat(EventSourceMapping.uuidOf("orders"))
                .isEqualTo(EventSourceMapping.uuidOf("orders"))
                .isNotEqualTo(EventSourceMapping.uuidOf("flights"));
    }
}
