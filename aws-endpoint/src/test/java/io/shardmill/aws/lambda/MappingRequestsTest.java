package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.aws.protocol.Wire;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Spec chapter 14, "Control plane": what Lambda refuses, and in which words (cases 3 to 12, 23 to 25). */
class MappingRequestsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final FunctionNames NAMES = new FunctionNames(new AwsScope("us-east-1", "123456789012"));
    private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    private static final String TABLE =
            "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-01-01T00:00:00.000";

    /** A request that is accepted, but for these members; null takes one away. */
    private static EventSourceMapping create(Object... members) {
        Map<String, Object> request = new HashMap<>(
                Map.of("EventSourceArn", STREAM, "FunctionName", "fn", "StartingPosition", "TRIM_HORIZON"));
        for (int index = 0; index < members.length; index += 2) {
            request.put((String) members[index], members[index + 1]);
        }
        return request(MappingRequest.CREATE, request).create("m", NOW);
    }

    private static MappingRequest request(Shape input, Map<String, ?> members) {
        Members read = input.read(Wire.JSON, JsonMapper.shared().writeValueAsBytes(members));
        read.check();
        return new MappingRequest(read, NAMES, UnsupportedSettings.REFUSED);
    }

    private static MappingRequest update(Map<String, ?> members) {
        return request(MappingRequest.UPDATE, members);
    }

    private static void refused(String code, String message, Object... members) {
        assertThatThrownBy(() -> create(members))
                .asInstanceOf(type(AwsException.class))
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(new AwsError(400, code, message)));
    }

    private static void invalid(String message, Object... members) {
        refused("InvalidParameterValueException", message, members);
    }

    private static void constraint(String broken, Object... members) {
        refused("ValidationException", "1 validation error detected: " + broken, members);
    }

    @Test
    void case_3_the_starting_position_must_be_given() {
        invalid(
                "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must"
                        + " not be null.",
                "StartingPosition",
                null);
    }

    @Test
    void case_4_an_unknown_starting_position_is_refused() {
        constraint(
                "Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set:"
                        + " [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
                "StartingPosition",
                "invalid");
    }

    @Test
    void case_5_a_timestamp_goes_with_AT_TIMESTAMP_only() {
        invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP", "StartingPositionTimestamp", 1_789_809_023);
        assertThat(create("StartingPosition", "AT_TIMESTAMP", "StartingPositionTimestamp", 1_789_809_023.187)
                        .startingPosition())
                .isEqualTo(new StartingPosition.AtTimestamp(Instant.ofEpochMilli(1_789_809_023_187L)));
    }

    @Test
    void a_timestamp_must_be_there_for_AT_TIMESTAMP_and_not_in_the_future() {
        assertThatThrownBy(() -> create("StartingPosition", "AT_TIMESTAMP"))
                .hasMessageContaining("StartingPositionTimestamp");
        assertThatThrownBy(() -> create(
                        "StartingPosition", "AT_TIMESTAMP", "StartingPositionTimestamp", NOW.getEpochSecond() + 1))
                .hasMessageContaining("future");
    }

    @Test
    void case_6_a_dynamodb_stream_cannot_be_begun_at_a_timestamp() {
        invalid(
                "Unsupported starting position for arn type: " + TABLE,
                "EventSourceArn",
                TABLE,
                "StartingPosition",
                "AT_TIMESTAMP",
                "StartingPositionTimestamp",
                1_789_809_023);
    }

    @Test
    void case_7_the_batch_size_is_1_to_10000() {
        constraint(
                "Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to"
                        + " 10000",
                "BatchSize",
                10_001);
        constraint(
                "Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
                "BatchSize",
                0);
        assertThat(create("BatchSize", 10_000).batching().batchSize()).isEqualTo(10_000);
    }

    @Test
    void case_8_a_batch_size_above_10_needs_no_window() {
        assertThat(create("BatchSize", 101, "MaximumBatchingWindowInSeconds", 0).batching())
                .isEqualTo(new Batching(101, Duration.ZERO, 1));
    }

    @Test
    void case_9_factor_window_and_tumbling_window_have_their_ranges() {
        constraint(
                "Value '11' at 'parallelizationFactor' failed to satisfy constraint: Member must have value less than or"
                        + " equal to 10",
                "ParallelizationFactor",
                11);
        constraint(
                "Value '301' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member must have value less"
                        + " than or equal to 300",
                "MaximumBatchingWindowInSeconds",
                301);
        constraint(
                "Value '901' at 'tumblingWindowInSeconds' failed to satisfy constraint: Member must have value less than or"
                        + " equal to 900",
                "TumblingWindowInSeconds",
                901);
    }

    @Test
    void all_broken_constraints_are_told_at_once() {
        refused(
                "ValidationException",
                "2 validation errors detected: Value '0' at 'batchSize' failed to satisfy constraint: Member must have"
                        + " value greater than or equal to 1; Value '11' at 'parallelizationFactor' failed to satisfy"
                        + " constraint: Member must have value less than or equal to 10",
                "BatchSize",
                0,
                "ParallelizationFactor",
                11);
    }

    @Test
    void case_10_the_maximum_record_age_is_forever_or_60_to_604800_seconds() {
        for (int age : List.of(0, 59)) {
            invalid(
                    "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)",
                    "MaximumRecordAgeInSeconds",
                    age);
        }
        assertThat(create("MaximumRecordAgeInSeconds", 60).failureHandling().maximumRecordAge())
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(create("MaximumRecordAgeInSeconds", 604_800)
                        .failureHandling()
                        .maximumRecordAge())
                .isEqualTo(Duration.ofDays(7));
        assertThat(create("MaximumRecordAgeInSeconds", -1).failureHandling().maximumRecordAge())
                .isNull();
    }

    @Test
    void case_11_an_unknown_response_type_is_refused() {
        constraint(
                "Value '[Bad]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy constraint:"
                        + " [Member must satisfy enum value set: [ReportBatchItemFailures], Member must not be null]",
                "FunctionResponseTypes",
                List.of("Bad"));
        assertThat(create("FunctionResponseTypes", List.of("ReportBatchItemFailures"))
                        .failureHandling()
                        .reportBatchItemFailures())
                .isTrue();
    }

    @Test
    void case_12_a_stream_has_no_destination_for_successes() {
        invalid(
                "OnSuccess configuration is not supported for event source mappings.",
                "DestinationConfig",
                Map.of("OnSuccess", Map.of("Destination", "arn:aws:sqs:us-east-1:123456789012:q")));
    }

    @Test
    void case_14_no_source_is_found_before_the_function_is_looked_for() {
        invalid("Unrecognized event source.", "EventSourceArn", null, "FunctionName", "nobody");
    }

    @Test
    void case_23_a_stream_does_not_scale() {
        invalid(
                "Unsupported ScalingConfig parameter for given event source mapping type.",
                "ScalingConfig",
                Map.of("MaximumConcurrency", 2));
    }

    @Test
    void case_22_a_tumbling_window_goes_neither_with_a_factor_above_1_nor_with_filters() {
        Map<String, Object> filter = Map.of("Filters", List.of(Map.of("Pattern", "{\"data\":{\"a\":[1]}}")));
        EventSourceMapping windowed =
                create("TumblingWindowInSeconds", 10, "FilterCriteria", Map.of("Filters", List.of()));
        assertThat(windowed.batching().tumblingWindow()).isEqualTo(Duration.ofSeconds(10));
        assertThat(windowed.filters().isEmpty()).isTrue();

        assertThatThrownBy(() -> create("TumblingWindowInSeconds", 10, "ParallelizationFactor", 2))
                .isInstanceOf(AwsException.class)
                .hasMessageContainingAll("tumbling-window", "parallelization-factor 2");
        assertThatThrownBy(() -> create("TumblingWindowInSeconds", 10, "FilterCriteria", filter))
                .isInstanceOf(AwsException.class)
                .hasMessageContainingAll("tumbling-window", "filters");
    }

    @Test
    void case_40_a_filter_pattern_that_is_none_is_refused_and_filters_are_removed_by_an_update_without_any() {
        for (String pattern : List.of("single-string", "[{\"eventName\": [\"INSERT\"=123}]")) {
            invalid(
                    "Invalid filter pattern definition.",
                    "FilterCriteria",
                    Map.of("Filters", List.of(Map.of("Pattern", pattern))));
        }
        String pattern = "{\"data\":{\"a\":[1]}}";
        EventSourceMapping filtered = create("FilterCriteria", Map.of("Filters", List.of(Map.of("Pattern", pattern))));
        assertThat(filtered.filters().patterns()).containsExactly(pattern);
        assertThat(update(Map.of("BatchSize", 5)).update(filtered).filters()).isEqualTo(filtered.filters());
        assertThat(update(Map.of("FilterCriteria", Map.of()))
                        .update(filtered)
                        .filters()
                        .isEmpty())
                .isTrue();
    }

    @Test
    void case_24_an_empty_list_of_filters_is_none() {
        assertThat(create("FilterCriteria", Map.of("Filters", List.of()))).isEqualTo(create());
    }

    @Test
    void case_25_an_empty_destination_removes_it_on_update() {
        EventSourceMapping current = create().with(FailureHandling.defaults().withDestination("log"));
        MappingRequest removal = update(Map.of("DestinationConfig", Map.of("OnFailure", Map.of("Destination", ""))));
        MappingRequest empty = update(Map.of("DestinationConfig", Map.of()));

        assertThat(removal.update(current).failureHandling().destination()).isNull();
        assertThat(empty.update(current).failureHandling().destination()).isNull();
    }

    @Test
    void every_member_is_taken_and_an_update_changes_only_what_it_names() {
        EventSourceMapping created = create(
                "BatchSize", 7,
                "MaximumBatchingWindowInSeconds", 5,
                "ParallelizationFactor", 3,
                "MaximumRetryAttempts", 2,
                "MaximumRecordAgeInSeconds", 3600,
                "BisectBatchOnFunctionError", true,
                "FunctionResponseTypes", List.of("ReportBatchItemFailures"),
                "DestinationConfig", Map.of("OnFailure", Map.of("Destination", "log")),
                "Unknown", Map.of("any", "members"));
        assertThat(created)
                .isEqualTo(EventSourceMapping.of("m", "orders")
                        .withFunction("fn")
                        .with(new Batching(7, Duration.ofSeconds(5), 3))
                        .with(new FailureHandling(2, Duration.ofHours(1), true, true, "log")));

        assertThat(update(Map.of()).update(created)).isEqualTo(created);
        assertThat(update(Map.of("BatchSize", 1, "FunctionName", "fn2", "StartingPosition", "LATEST"))
                        .update(created))
                .isEqualTo(created.withFunction("fn2").with(created.batching().withBatchSize(1)));
        assertThat(update(Map.of("MaximumRecordAgeInSeconds", -1, "FunctionResponseTypes", List.of()))
                        .update(created)
                        .failureHandling())
                .isEqualTo(new FailureHandling(2, null, true, false, "log"));
    }

    @Test
    void a_member_of_another_type_is_refused() {
        assertThatThrownBy(() -> create("BatchSize", "many"))
                .asInstanceOf(type(AwsException.class))
                .satisfies(refused -> assertThat(refused.error().code()).isEqualTo("SerializationException"));
        assertThatThrownBy(() -> create("BatchSize", 1.5)).hasMessageContaining("BatchSize");
    }

    @Test
    void functions_are_named_as_the_caller_likes_and_keep_their_qualifier() {
        for (String name : List.of(
                "fn:prod", "123456789012:function:fn:prod", "arn:aws:lambda:us-east-1:123456789012:function:fn:prod")) {
            assertThat(create("FunctionName", name).function()).isEqualTo("fn:prod");
        }
        assertThat(create("FunctionName", "fn:$LATEST").function()).isEqualTo("fn:$LATEST");
    }
}
