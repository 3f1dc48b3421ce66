package io.shardmill.poller.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.stream.StartingPosition;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingDocumentTest {

    private static final EventSourceMapping DEFAULTS = EventSourceMapping.of("orders-mapping", "orders");

    /** Together with {@link #WINDOWED} has no setting in common with the defaults. */
    private static final EventSourceMapping DIFFERENT = EventSourceMapping.of("orders-mapping", "other-stream")
            .with(new StartingPosition.AtTimestamp(Instant.parse("2026-11-23T10:15:30.123Z")))
            .with(FilterCriteria.of("{\"data\":{\"a\":[1]}}", "{\"partitionKey\":[\"ü\"]}"))
            .withFunction("parse|store:prod \"ü\"")
            .with(Batching.defaults()
                    .withBatchSize(7)
                    .withWindow(Duration.ofMillis(1_500))
                    .withFactor(3))
            .with(new FailureHandling(4, Duration.ofHours(1), true, true, "file:failures", true))
            .with(MappingLabels.NONE
                    .withTags(Map.of("team", "ü", "", "empty"))
                    .withIgnored(Map.of("MetricsConfig", "{\"Metrics\":[\"EventCount\"]}")));

    /** What doesn't go with several lanes and filters. */
    private static final EventSourceMapping WINDOWED =
            DEFAULTS.with(Batching.defaults().withTumblingWindow(Duration.ofSeconds(30)));

    @Test
    void every_setting_is_kept() throws Exception {
        assertDiffersEverywhere(DEFAULTS.source(), DIFFERENT.source());
        assertDiffersEverywhere(DEFAULTS.batching(), DIFFERENT.batching(), WINDOWED.batching());
        assertDiffersEverywhere(DEFAULTS.failureHandling(), DIFFERENT.failureHandling());
        assertDiffersEverywhere(DEFAULTS.labels(), DIFFERENT.labels());

        for (EventSourceMapping mapping :
                List.of(DEFAULTS, DIFFERENT, WINDOWED, DIFFERENT.with(new StartingPosition.Latest()))) {
            assertThat(MappingDocument.read("orders-mapping", MappingDocument.of(mapping)))
                    .isEqualTo(mapping);
        }
    }

    /** Or else the test above would not notice a setting that is forgotten. */
    private static void assertDiffersEverywhere(Record defaults, Record... different) throws Exception {
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            Set<Object> values = new HashSet<>();
            for (Record other : different) {
                values.add(component.getAccessor().invoke(other));
            }
            values.remove(component.getAccessor().invoke(defaults));
            assertThat(values).as(component.getName()).isNotEmpty();
        }
    }

    @Test
    void what_an_older_version_did_not_know_has_its_default() {
        assertThat(MappingDocument.read("orders-mapping", "{\"stream\":\"orders\"}"))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void what_a_newer_version_added_is_left_out() {
        assertThat(MappingDocument.read("orders-mapping", "{\"stream\":\"orders\",\"destination\":null}"))
                .isEqualTo(DEFAULTS);
        String document = MappingDocument.of(DIFFERENT)
                .replaceFirst("\\{", "{\"later\":{\"batchSize\":[1,{\"a\":2}]},\"more\":[{}],\"unset\":null,");
        assertThat(MappingDocument.read("orders-mapping", document)).isEqualTo(DIFFERENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [1]                                                     | no JSON object
                    {"stream":                                              | no JSON
                    {}                                                      | stream is missing
                    {"stream":"s","batchSize":"many"}                       | batchSize: 'many' is not a whole number
                    {"stream":"s","batchSize":0}                            | batch-size: 0 must be between 1 and 10000
                    {"stream":"s","maximumBatchingWindow":"5"}              | maximumBatchingWindow: '5' is not a duration
                    {"stream":"s","startingPosition":"MIDDLE"}              | must be TRIM_HORIZON
                    {"stream":"s","startingPosition":"AT_TIMESTAMP"}        | startingPositionTimestamp is missing
                    """)
    void what_cant_be_read_is_an_error_that_says_why(String document, String message) {
        assertThatThrownBy(() -> MappingDocument.read("orders-mapping", document))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
