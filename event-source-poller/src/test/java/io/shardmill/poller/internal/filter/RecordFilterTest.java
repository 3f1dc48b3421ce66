package io.shardmill.poller.internal.filter;

import static io.shardmill.poller.internal.filter.Filters.matches;
import static io.shardmill.poller.internal.filter.Filters.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.event.KinesisFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"partitionKey\":[\"key-1\"]}",
                "{\"partitionKey\":[{\"prefix\":\"key\"}]}",
                "{\"sequenceNumber\":[\"42\"]}",
                "{\"eventID\":[\"shardId-000000000001:42\"]}",
                "{\"approximateArrivalTimestamp\":[{\"numeric\":[\">=\",1767225600.5]}]}",
                "{\"kinesisSchemaVersion\":[\"1.0\"],\"eventVersion\":[\"1.0\"]}",
                "{\"eventName\":[\"aws:kinesis:record\"],\"eventSource\":[\"aws:kinesis\"]}",
                "{\"eventSourceARN\":[{\"suffix\":\"stream/orders\"}],\"awsRegion\":[\"eu-west-1\"]}",
                "{\"invokeIdentityArn\":[{\"exists\":true}]}",
                "{\"kinesis\":[{\"exists\":false}]}"
            })
    void the_other_fields_of_a_records_event_stand_beside_data(String pattern) {
        assertThat(matches("no JSON", pattern)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"partitionKey\":[\"other\"]}",
                "{\"kinesis\":{\"partitionKey\":[\"key-1\"]}}",
                "{\"kinesis\":{\"data\":{\"a\":[1]}}}",
                "{\"partitionKey\":{\"a\":[{\"exists\":true}]}}",
                "{\"partitionKey\":[{\"exists\":false}]}"
            })
    void and_nowhere_else(String pattern) {
        assertThat(matches("{\"a\":1}", pattern)).isFalse();
    }

    @Test
    void a_record_has_to_match_what_is_asked_of_its_data_and_of_its_metadata() {
        String both = "{\"data\":{\"a\":[1]},\"partitionKey\":[\"key-1\"]}";
        assertThat(matches("{\"a\":1}", both)).isTrue();
        assertThat(matches("{\"a\":2}", both)).isFalse();
        assertThat(matches("{\"a\":1}", both.replace("key-1", "key-2"))).isFalse();
    }

    @Test
    void a_branch_that_does_not_name_data_can_match_a_payload_that_is_no_json() {
        String either = "{\"$or\":[{\"data\":{\"a\":[1]}},{\"partitionKey\":[\"key-1\"]}]}";
        assertThat(matches("no JSON", either)).isTrue();
        assertThat(matches("no JSON", either.replace("key-1", "key-2"))).isFalse();
    }

    @Test
    void names_with_dots_are_objects_in_each_other_on_both_sides() {
        assertThat(matches("{\"a\":{\"b\":1}}", "{\"data\":{\"a.b\":[1]}}")).isTrue();
        assertThat(matches("{\"a.b\":1}", "{\"data\":{\"a\":{\"b\":[1]}}}")).isTrue();
        assertThat(matches("{\"a\":{\"b\":1}}", "{\"data.a.b\":[1]}")).isTrue();
    }

    @Test
    void two_fields_do_not_match_in_different_elements_of_an_array() {
        String pattern = "{\"data\":{\"l\":{\"a\":[1],\"b\":[2]}}}";
        assertThat(matches("{\"l\":[{\"a\":1,\"b\":0},{\"a\":0,\"b\":2}]}", pattern))
                .isFalse();
        assertThat(matches("{\"l\":[{\"a\":0,\"b\":2},{\"a\":1,\"b\":2}]}", pattern))
                .isTrue();
        assertThat(matches("[{\"l\":{\"a\":1}},{\"l\":{\"b\":2}}]", pattern)).isFalse();
    }

    @Test
    void a_payload_may_be_any_json_value() {
        String absent = "{\"data\":{\"a\":[{\"exists\":false}]}}";
        assertThat(matches("5", absent)).isTrue();
        assertThat(matches("\"text\"", absent)).isTrue();
        assertThat(matches("[]", absent)).isTrue();
        assertThat(matches("[{\"a\":1}]", "{\"data\":{\"a\":[1]}}")).isTrue();
    }

    /** As many arrays of objects of which none has both of two fields, and a pattern that wants both in each. */
    private static boolean matchesArrays(int arrays, int elements) {
        String fields = IntStream.range(0, arrays)
                .mapToObj(number -> "\"l" + number + "\":{\"a\":[1],\"b\":[1]}")
                .collect(Collectors.joining(","));
        String array = Stream.generate(() -> "{\"a\":1,\"b\":0},{\"a\":0,\"b\":1}")
                .limit(elements / 2)
                .collect(Collectors.joining(",", "[", "]"));
        String payload = IntStream.range(0, arrays)
                .mapToObj(number -> "\"l" + number + "\":" + array)
                .collect(Collectors.joining(",", "{", "}"));
        return matches(payload, "{\"data\":{" + fields + "}}");
    }

    @Test
    void elements_that_match_the_same_are_as_one_however_many_they_are() {
        assertThat(matchesArrays(8, 2_000)).isFalse();
    }

    @Test
    void so_many_different_arrays_that_their_combinations_explode_cant_be_judged() {
        assertThatThrownBy(() -> matchesArrays(30, 2))
                .isInstanceOf(UnfilterableRecordException.class)
                .hasMessageContaining("more than 1000 ways");
    }

    @Test
    void what_is_beyond_the_parsers_bounds_cant_be_judged() {
        RecordFilter filter = RecordFilter.of(Filters.ORIGIN.filterFields(), List.of("{\"data\":{\"a\":[1]}}"));
        assertThatThrownBy(() -> filter.matches(record("[".repeat(600) + "]".repeat(600))))
                .isInstanceOf(UnfilterableRecordException.class)
                .hasMessageContaining("nesting depth");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "data.x ~ the pattern is no JSON: ",
                "[1] ~ the pattern must be a JSON object",
                "{} ~ the pattern is an empty object",
                "{\"data\":{\"x\":{}}} ~ 'data.x' is an empty object",
                "{\"data\":{\"x\":[]}} ~ 'data.x' is an empty array",
                "{\"data\":{\"x\":5}} ~ 'data.x' must be an array of values or an object of fields",
                "{\"data\":[\"x\"]} ~ 'data' must be an object that names fields of the payload's JSON",
                "{\"$or\":[{\"data\":[1]},{\"a\":[1]}]} ~ 'data' must be an object",
                "{\"x\":[{\"Prefix\":\"a\"}]} ~ 'x' has the unknown operator 'Prefix'; there are anything-but, cidr, ",
                "{\"x\":[{\"prefix\":\"a\",\"suffix\":\"b\"}]} ~ 'x' has an alternative with 2 operators",
                "{\"x\":[{\"prefix\":5}]} ~ 'x' has prefix with something other than a string",
                "{\"x\":[{\"prefix\":{\"suffix\":\"a\"}}]} ~ 'x' has 'suffix' in prefix",
                "{\"x\":[{\"exists\":\"yes\"}]} ~ 'x' has exists with something other than true or false",
                "{\"x\":[{\"numeric\":[\">\",5,\"<\",5]}]} ~ 'x' has numeric with bounds that leave nothing between them",
                "{\"x\":[{\"numeric\":[\"!=\",5]}]} ~ 'x' has numeric without an array such as",
                "{\"x\":[{\"anything-but\":[1,\"a\"]}]} ~ 'x' has anything-but with values that are neither all strings nor all numbers",
                "{\"x\":[{\"anything-but\":{\"prefix\":\"\"}}]} ~ 'x' has anything-but with an empty prefix",
                "{\"x\":[{\"anything-but\":{\"cidr\":\"10.0.0.0/8\"}}]} ~ 'x' has 'cidr' in anything-but",
                "{\"x\":[{\"wildcard\":\"a**b\"}]} ~ 'x' has two * side by side",
                "{\"x\":[{\"cidr\":\"10.0.0.0/32\"}]} ~ 'x' must be an address block such as"
            })
    void a_wrong_pattern_is_told_what_is_wrong_and_where(String pattern, String message) {
        assertThatThrownBy(() -> RecordFilter.validate(KinesisFormat.FILTERED_PAYLOAD, pattern))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void branches_that_multiply_beyond_a_thousand_are_refused() {
        String branches = "[{\"a\":[1]},{\"b\":[1]},{\"c\":[1]},{\"d\":[1]}]";
        String pattern = IntStream.range(0, 5)
                .mapToObj(number -> "\"f" + number + "\":{\"$or\":" + branches + "}")
                .collect(Collectors.joining(",", "{\"data\":{", "}}"));
        assertThatThrownBy(() -> RecordFilter.validate(KinesisFormat.FILTERED_PAYLOAD, pattern))
                .hasMessageContaining("more than 1000 combinations");
    }
}
