package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec chapter 14, "Filters" and other cases with filters: 24, 38 to 47, 103. */
class FiltersTest {

    private static final String WANTED = "{\"data\":{\"want\":[true]}}";

    private final Counts counts = new Counts();
    private final World world = new World(1).with(counts);

    private EventSourceMapping mapping(String... patterns) {
        return world.mapping().with(FilterCriteria.of(patterns));
    }

    /** Payloads {@code {"number":1,"want":true}} and so on. */
    private void put(int from, int to, boolean wanted) {
        IntStream.rangeClosed(from, to).forEach(number -> world.stream.put(payload(number, wanted)));
    }

    private static String payload(int number, boolean wanted) {
        return "{\"number\":" + number + ",\"want\":" + wanted + "}";
    }

    private List<String> delivered() {
        return world.function.deliveries().stream()
                .flatMap(delivery -> delivery.texts().stream())
                .toList();
    }

    /** Whether a record with this payload gets through the pattern for {@code data}. */
    private static boolean passes(String payload, String dataPattern) {
        World one = new World(1);
        one.stream.put(payload);
        one.start(one.mapping().with(FilterCriteria.of("{\"data\":" + dataPattern + "}")));
        return !one.function.deliveries().isEmpty();
    }

    @Test
    void case_24_an_empty_list_of_filters_is_no_filter() {
        assertThat(mapping()).isEqualTo(world.mapping());
        put(1, 2, false);
        world.start(mapping());

        assertThat(delivered()).hasSize(2);
        assertThat(counts.filterings()).isZero();
    }

    @Test
    void case_38_only_the_matching_record_is_delivered_with_its_bytes_as_they_were() {
        String matching = "{ \"event_type\" : \"function_1\", \"n\" : 1.50 }";
        world.stream.put("{\"event_type\":\"function_2\"}");
        Record put = world.stream.put(matching);
        world.start(mapping("{\"data\":{\"event_type\":[\"function_1\"]}}"));

        assertThat(delivered()).containsExactly(matching);
        assertThat(world.function.deliveries().get(0).invocation().records().get(0))
                .isSameAs(put);
    }

    @Test
    void case_38_two_mappings_on_one_stream_each_get_their_own() {
        world.stream.put("{\"event_type\":\"function_1\"}");
        world.stream.put("{\"event_type\":\"function_2\"}");
        world.start(mapping("{\"data\":{\"event_type\":[\"function_1\"]}}"));
        world.mappings()
                .start(
                        world.mapping("second").with(FilterCriteria.of("{\"data\":{\"event_type\":[\"function_2\"]}}")),
                        StartOptions.FROM_CHECKPOINTS);
        world.time.settle();

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().mapping() + " " + delivery.digits())
                .containsExactlyInAnyOrder(
                        "orders {\"event_type\":\"function_1\"}", "second {\"event_type\":\"function_2\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"no JSON", "", "{\"want\":true", "{\"want\":true} more", "{\"want\":true}{}", "{want:true}"})
    void case_39_a_payload_that_is_no_json_is_dropped_by_a_data_pattern_and_only_by_that(String payload) {
        assertThat(passes(payload, "{\"want\":[true]}")).isFalse();
        assertThat(passes(payload, "{\"other\":[{\"exists\":false}]}")).isFalse();

        world.stream.put(world.stream.shardIds().get(0), "key", payload);
        world.start(mapping("{\"partitionKey\":[\"key\"]}"));
        assertThat(delivered()).containsExactly(payload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "single-string",
                "[{\"eventName\": [\"INSERT\"=123}]",
                "",
                "{}",
                "{\"data\":[\"x\"]}",
                "{\"data\":\"x\"}",
                "{\"data\":{\"a\":[]}}",
                "{\"data\":{\"a\":[{\"NUMERIC\":[\"=\",1]}]}}"
            })
    void case_40_a_pattern_that_is_none_is_refused_with_lambdas_words_and_what_is_wrong(String pattern) {
        assertThatThrownBy(() -> FilterCriteria.of(WANTED, pattern))
                .isInstanceOfSatisfying(
                        InvalidMappingException.class,
                        refused -> assertThat(refused.property()).isEqualTo("filters"))
                .hasMessageStartingWith(
                        "filters: '" + pattern + "' is refused: Invalid filter pattern definition. In it ");
    }

    @Test
    void case_41_exists_is_about_values_not_objects() {
        String absent = "{\"x\":[{\"exists\":false}]}";
        String present = "{\"x\":[{\"exists\":true}]}";
        assertThat(passes("{\"x\":1}", present)).isTrue();
        assertThat(passes("{\"x\":null}", present)).isTrue();
        assertThat(passes("{\"x\":{\"y\":1}}", present)).isFalse();
        assertThat(passes("{\"x\":{\"y\":1}}", absent)).isTrue();
        assertThat(passes("{\"x\":1}", absent)).isFalse();
        assertThat(passes("{}", absent)).isTrue();
    }

    @Test
    void case_42_numeric_is_about_json_numbers() {
        String pattern = "{\"x\":[{\"numeric\":[\">\",100]}]}";
        assertThat(passes("{\"x\":101.0}", pattern)).isTrue();
        assertThat(passes("{\"x\":\"300\"}", pattern)).isFalse();
        assertThat(passes("{\"x\":null}", pattern)).isFalse();
        assertThat(passes("{\"x\":100}", pattern)).isFalse();
        assertThat(passes("{\"x\":300.0}", "{\"x\":[300]}")).isTrue();
    }

    @Test
    void case_43_anything_but_needs_the_field_and_takes_null() {
        String pattern = "{\"x\":[{\"anything-but\":[\"a\"]}]}";
        assertThat(passes("{}", pattern)).isFalse();
        assertThat(passes("{\"x\":null}", pattern)).isTrue();
        assertThat(passes("{\"x\":1}", pattern)).isTrue();
        assertThat(passes("{\"x\":\"a\"}", pattern)).isFalse();
        assertThat(passes("{\"x\":\"b\"}", pattern)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{\"prefix\":\"ab\"} ~ abc ~ Abc",
                "{\"suffix\":\"bc\"} ~ abc ~ abC",
                "{\"equals-ignore-case\":\"aBc\"} ~ AbC ~ abcd",
                "{\"prefix\":{\"equals-ignore-case\":\"aB\"}} ~ Abc ~ bab",
                "{\"suffix\":{\"equals-ignore-case\":\"bC\"}} ~ aBc ~ abcd",
                "{\"wildcard\":\"a*c\"} ~ axxc ~ axxcd",
                "{\"cidr\":\"10.0.0.0/24\"} ~ 10.0.0.9 ~ 10.0.1.9",
                "{\"anything-but\":{\"prefix\":\"ab\"}} ~ bab ~ abc",
                "{\"anything-but\":{\"suffix\":[\"bc\",\"x\"]}} ~ bab ~ abc",
                "{\"anything-but\":{\"equals-ignore-case\":[\"ABC\"]}} ~ bab ~ abc",
                "{\"anything-but\":{\"wildcard\":\"*b*\"}} ~ aa ~ abc"
            })
    void case_44_operators_on_strings(String operator, String matching, String other) {
        String pattern = "{\"x\":[" + operator + "]}";
        assertThat(passes("{\"x\":\"" + matching + "\"}", pattern)).isTrue();
        assertThat(passes("{\"x\":\"" + other + "\"}", pattern)).isFalse();
    }

    @Test
    void case_45_one_of_three_branches_beside_a_field_of_all() {
        String pattern = "{\"kind\":[\"k\"],\"$or\":[{\"a\":[{\"numeric\":[\">\",0,\"<\",9]}]},"
                + "{\"b\":[\"x\"],\"c\":[\"y\"]},{\"d\":{\"e\":[{\"exists\":true}]}}]}";
        assertThat(passes("{\"kind\":\"k\",\"a\":1}", pattern)).isTrue();
        assertThat(passes("{\"kind\":\"k\",\"b\":\"x\",\"c\":\"y\"}", pattern)).isTrue();
        assertThat(passes("{\"kind\":\"k\",\"d\":{\"e\":0}}", pattern)).isTrue();
        assertThat(passes("{\"kind\":\"k\",\"b\":\"x\"}", pattern)).isFalse();
        assertThat(passes("{\"a\":1}", pattern)).isFalse();
    }

    @Test
    void case_46_several_filters_are_alternatives() {
        world.stream.put("{\"a\":1}");
        world.stream.put("{\"b\":1}");
        world.stream.put("{\"c\":1}");
        world.stream.put("no JSON");
        world.start(mapping("{\"data\":{\"a\":[1]}}", "{\"data\":{\"c\":[1]}}", "{\"partitionKey\":[\"no JSON\"]}"));

        assertThat(delivered()).containsExactly("{\"a\":1}", "{\"c\":1}", "no JSON");
    }

    @Test
    void case_47_a_shard_of_which_nothing_matches_is_checkpointed_and_not_invoked() {
        put(1, 30, false);
        String shard = world.stream.shardIds().get(0);
        world.start(mapping(WANTED).with(Batching.defaults().withBatchSize(4))).advance(Duration.ofSeconds(1));

        assertThat(delivered()).isEmpty();
        List<Record> records = world.stream.records(shard);
        assertThat(world.row(shard).position())
                .isEqualTo(Position.after(records.get(records.size() - 1).sequenceNumber()));
        int polled = counts.polled();
        world.restart(mapping(WANTED));
        assertThat(counts.polled()).isEqualTo(polled);
    }

    @Test
    void case_47_a_closed_shard_of_which_nothing_matches_ends_and_its_children_begin() {
        put(1, 3, false);
        String parent = world.stream.shardIds().get(0);
        String child = world.stream.split(parent).get(0);
        world.stream.put(child, "key", payload(4, true));
        world.start(mapping(WANTED)).advance(Duration.ofSeconds(5));

        assertThat(delivered()).containsExactly(payload(4, true));
    }

    @Test
    void what_matches_before_a_long_stretch_that_does_not_is_delivered_before_all_of_that_is_read() {
        List<Integer> polledBefore = new ArrayList<>();
        world.function.answers(invocation -> {
            polledBefore.add(counts.polled());
            return new InvocationOutcome.Succeeded();
        });
        put(1, 1, true);
        put(2, 25_000, false);
        put(25_001, 25_001, true);
        world.start(mapping(WANTED));

        assertThat(delivered()).containsExactly(payload(1, true), payload(25_001, true));
        assertThat(polledBefore.get(0)).isLessThan(12_000);
        assertThat(counts.filteredOut()).isEqualTo(24_999);
    }

    @Test
    void filtered_records_do_not_count_towards_the_batch_size() {
        put(1, 1, false);
        put(2, 2, true);
        put(3, 3, false);
        put(4, 4, true);
        world.start(mapping(WANTED).with(Batching.defaults().withBatchSize(4)));

        assertThat(world.function.deliveries()).hasSize(1);
        assertThat(delivered()).containsExactly(payload(2, true), payload(4, true));
    }

    @Test
    void filtered_records_go_to_no_destination_and_hold_nothing_up() {
        world.function.answers(invocation -> InvocationOutcome.Failure.threw(new IllegalStateException("bad")));
        put(1, 3, false);
        put(4, 4, true);
        put(5, 6, false);
        world.start(mapping(WANTED)
                        .with(FailureHandling.defaults()
                                .withMaximumRetryAttempts(0)
                                .withDestination("fake")))
                .advance(Duration.ofSeconds(5));

        assertThat(world.destination.batches()).hasSize(1);
        assertThat(world.destination.batches().get(0).records()).hasSize(1);
        assertThat(counts.dropped()).isZero();
    }

    @Test
    void while_a_matching_record_is_unfinished_filtered_ones_after_it_move_no_checkpoint_past_it() {
        world.function.throwsOn(payload(2, true));
        put(1, 1, false);
        Record poison = world.stream.put(payload(2, true));
        put(3, 9, false);
        String shard = world.stream.shardIds().get(0);
        world.start(mapping(WANTED)).advance(Duration.ofSeconds(5));
        world.crash();

        assertThat(world.row(shard).progress().watermark()).isLessThan(poison.sequenceNumber());
        world.function.throwsOn();
        world.start(mapping(WANTED)).advance(Duration.ofSeconds(5));
        assertThat(delivered()).endsWith(payload(2, true));
    }

    @Test
    void a_failed_batch_is_taken_up_again_without_what_new_filters_leave_out() {
        world.function.throwsOn("{\"n\":1}");
        world.stream.put("{\"n\":1}");
        world.stream.put("{\"n\":2}");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        world.restart(mapping("{\"data\":{\"n\":[2]}}")).advance(Duration.ofSeconds(5));

        assertThat(world.function
                        .deliveries()
                        .get(world.function.deliveries().size() - 1)
                        .texts())
                .containsExactly("{\"n\":2}");
        String shard = world.stream.shardIds().get(0);
        assertThat(world.row(shard).progress().watermark())
                .isEqualTo(world.stream.records(shard).get(1).sequenceNumber());
    }

    @Test
    void case_103_of_four_polled_two_are_filtered_out_and_two_invoked() {
        put(1, 2, true);
        put(3, 4, false);
        world.start(mapping(WANTED));

        assertThat(counts.polled()).isEqualTo(4);
        assertThat(counts.filteredOut()).isEqualTo(2);
        assertThat(counts.invoked()).isEqualTo(2);
    }

    @Test
    void case_103_matching_records_count_as_none_filtered_out_and_without_filters_nothing_is_counted() {
        put(1, 2, true);
        world.start(mapping(WANTED));
        assertThat(counts.filteredOut()).isZero();
        assertThat(counts.filterings()).isPositive();

        Counts unfiltered = new Counts();
        World other = new World(1).with(unfiltered);
        other.stream.put("1");
        other.start(other.mapping());
        assertThat(unfiltered.filterings()).isZero();
    }

    @Test
    void a_record_that_the_filters_cant_judge_is_delivered() {
        String deep = "{\"want\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        world.stream.put(deep);
        world.start(mapping(WANTED));

        assertThat(delivered()).containsExactly(deep);
        assertThat(counts.unfilterable()).isEqualTo(1);
        assertThat(counts.crashed()).isZero();
    }
}
