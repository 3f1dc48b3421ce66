package io.shardmill.poller.internal.filter;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.Record;
import io.shardmill.poller.event.KafkaFormat;
import io.shardmill.poller.testkit.KafkaRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 2.2: what differs for Kafka. */
class KafkaFilterTest {

    private static final byte[] NO_UTF_8 = {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '"', '}'};

    private static boolean matches(Record record, String... patterns) {
        return RecordFilter.of(KafkaFormat.FILTER_FIELDS, List.of(patterns)).matches(record);
    }

    private static boolean matches(String value, String pattern) {
        return matches(KafkaRecords.of(42, "key-1", value), pattern);
    }

    private static Record withHeaders(Header... headers) {
        return KafkaRecords.of(42, null, "x".getBytes(StandardCharsets.UTF_8), List.of(headers));
    }

    @Test
    void json_is_filtered_by_its_fields() {
        String pattern = "{\"value\":{\"a\":[1]}}";
        assertThat(matches("{\"a\":1}", pattern)).isTrue();
        assertThat(matches("{\"a\":2}", pattern)).isFalse();
        assertThat(matches("{\"b\":1}", pattern)).isFalse();
        assertThat(matches(" [{\"a\":0},{\"a\":1}]", pattern)).isTrue();
        assertThat(matches(" [{\"a\":0}]", pattern)).isFalse();
        assertThat(matches("{\"b\":1}", "{\"value\":{\"a\":[{\"exists\":false}]}}"))
                .isTrue();
        assertThat(matches("{\"a\":1}", "{\"value\":{\"a\":[{\"exists\":false}]}}"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "error ~ {\"value\":[\"error\"]}",
                "fine ~ {\"value\":[{\"anything-but\":[\"error\"]}]}",
                "order-7 ~ {\"value\":[{\"prefix\":\"order-\"}]}",
                "5 ~ {\"value\":[\"5\"]}",
                "{broken ~ {\"value\":[\"{broken\"]}",
                "ë ~ {\"value\":[\"ë\"]}",
                "fine ~ {\"value\":[{\"exists\":true}]}"
            })
    void a_plain_string_is_compared_with_values(String value, String pattern) {
        assertThat(matches(value, pattern)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "error ~ {\"value\":[{\"anything-but\":[\"error\"]}]}",
                "order ~ {\"value\":[{\"prefix\":\"order-\"}]}",
                "5 ~ {\"value\":[{\"numeric\":[\"=\",5]}]}",
                "fine ~ {\"value\":[{\"exists\":false}]}"
            })
    void and_left_out_if_none_accepts_it(String value, String pattern) {
        assertThat(matches(value, pattern)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":{\"a\":[1]}}",
                "{\"value\":{\"a\":{\"b\":[1],\"c\":[{\"exists\":false}]}}}",
                "{\"value\":{\"a\":[1]},\"key\":[\"key-1\"]}"
            })
    void case_48_a_plain_string_with_a_json_pattern_is_judged_by_its_metadata_alone(String pattern) {
        for (String text : List.of("plain", "5", "\"quoted\"", "null", "{\"a\":", "")) {
            assertThat(matches(text, pattern)).as(text).isTrue();
            assertThat(matches(KafkaRecords.of(1, "other", text), "{\"value\":{\"a\":[1]},\"key\":[\"key-1\"]}"))
                    .as(text)
                    .isFalse();
        }
    }

    @Test
    void json_with_a_pattern_of_a_plain_string_is_judged_by_its_metadata_alone() {
        String pattern = "{\"value\":[\"error\"],\"key\":[\"key-1\"]}";
        for (String json : List.of("{\"a\":1}", "[\"other\"]", "[]", "{}")) {
            assertThat(matches(json, pattern)).as(json).isTrue();
            assertThat(matches(KafkaRecords.of(1, "other", json), pattern))
                    .as(json)
                    .isFalse();
        }
    }

    @Test
    void bytes_that_are_no_utf_8_are_judged_by_their_metadata_alone() {
        Record record = KafkaRecords.of(1, "k".getBytes(StandardCharsets.UTF_8), NO_UTF_8, List.of());
        assertThat(matches(record, "{\"value\":{\"a\":[\"x\"]}}")).isTrue();
        assertThat(matches(record, "{\"value\":[\"x\"]}")).isTrue();
        assertThat(matches(record, "{\"value\":{\"a\":[\"x\"]},\"key\":[\"k\"]}"))
                .isTrue();
        assertThat(matches(record, "{\"value\":{\"a\":[\"x\"]},\"key\":[\"other\"]}"))
                .isFalse();
    }

    @Test
    void a_tombstone_has_no_value_to_compare_and_no_fields_to_ask_of() {
        Record tombstone = KafkaRecords.of(1, "k", null);
        assertThat(matches(tombstone, "{\"value\":[{\"exists\":false}]}")).isTrue();
        assertThat(matches(tombstone, "{\"value\":[{\"exists\":true}]}")).isFalse();
        assertThat(matches(tombstone, "{\"value\":[\"\"]}")).isFalse();
        assertThat(matches(tombstone, "{\"value\":{\"a\":[1]}}")).isTrue();
        assertThat(matches(tombstone, "{\"value\":{\"a\":[1]},\"key\":[\"other\"]}"))
                .isFalse();
        assertThat(matches(KafkaRecords.of(1, "k", ""), "{\"value\":[\"\"]}")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"topic\":[\"orders\"],\"partition\":[0]}",
                "{\"offset\":[{\"numeric\":[\">\",41]}]}",
                "{\"timestamp\":[{\"numeric\":[\"=\",1789809023187]}]}",
                "{\"timestampType\":[\"CREATE_TIME\"]}",
                "{\"key\":[{\"prefix\":\"key\"}]}",
                "{\"headers\":{\"type\":[{\"exists\":false}]}}"
            })
    void the_other_fields_of_a_records_event_stand_beside_value(String pattern) {
        assertThat(matches("plain", pattern)).isTrue();
    }

    @Test
    void a_record_without_key_has_null_for_one() {
        assertThat(matches(KafkaRecords.of(1, null, "x"), "{\"key\":[null]}")).isTrue();
        assertThat(matches(KafkaRecords.of(1, "", "x"), "{\"key\":[null]}")).isFalse();
    }

    @Test
    void headers_are_an_object_of_strings() {
        String pattern = "{\"headers\":{\"type\":[\"order\"]}}";
        assertThat(matches(withHeaders(header("type", "order")), pattern)).isTrue();
        assertThat(matches(withHeaders(header("type", "other")), pattern)).isFalse();
        assertThat(matches(withHeaders(), pattern)).isFalse();
        assertThat(matches(withHeaders(header("type", null)), "{\"headers\":{\"type\":[null]}}"))
                .isTrue();
        assertThat(matches(withHeaders(header("ce.type", "order")), "{\"headers\":{\"ce.type\":[\"order\"]}}"))
                .isTrue();
    }

    @Test
    void of_a_header_that_comes_twice_any_value_may_match() {
        Record twice = withHeaders(header("type", "order"), header("type", "refund"));
        assertThat(matches(twice, "{\"headers\":{\"type\":[\"order\"]}}")).isTrue();
        assertThat(matches(twice, "{\"headers\":{\"type\":[\"refund\"]}}")).isTrue();
        assertThat(matches(twice, "{\"headers\":{\"type\":[\"other\"]}}")).isFalse();
    }

    @Test
    void a_pattern_on_what_records_do_not_have_is_refused() {
        assertThatThrownBy(() -> RecordFilter.of(KafkaFormat.FILTER_FIELDS, List.of("{\"data\":{\"a\":[1]}}")))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessage("'data' is nothing that records of this source have; they have"
                        + " headers, key, offset, partition, timestamp, timestampType, topic, value");
    }
}
