package io.shardmill.poller.conformance;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.destination.BuiltInDestinations;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.testkit.CapturedLog;
import io.shardmill.poller.testkit.RealEngine;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spec chapters 2.2, 3.8, 5.5, 7.5 and 14: what differs for Kafka. */
class KafkaTest {

    private static final String JSON_PATTERN = "{\"value\":{\"type\":[\"order\"]}}";

    private final World world = World.ofTopic();

    private Record put(@Nullable String key, @Nullable String value) {
        return world.stream.put(bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private void put(String digits) {
        digits.chars().forEach(digit -> put("key", Character.toString(digit)));
    }

    private List<String> delivered() {
        return world.function.deliveries().stream()
                .flatMap(delivery -> delivery.texts().stream())
                .toList();
    }

    private EventSourceMapping mapping(FailureHandling rules) {
        return world.mapping().with(rules);
    }

    private static FailureHandling toDestination() {
        return FailureHandling.defaults().withDestination("fake");
    }

    private JsonNode event(Invocation invocation) throws Exception {
        return JsonMapper.shared().readTree(invocation.event().bytes());
    }

    @Test
    void a_batch_is_an_event_of_its_partition() throws Exception {
        world.stream.put(bytes("k"), null, header("h", "v1"));
        put("1");
        world.start(world.mapping());

        JsonNode event = event(world.function.deliveries().get(0).invocation());
        assertThat(event.get("eventSource").stringValue()).isEqualTo("SelfManagedKafka");
        assertThat(event.get("records").propertyNames()).containsExactly("orders-0");
        assertThat(event.get("records").get("orders-0").get(0).toString())
                .startsWith("{\"topic\":\"orders\",\"partition\":0,\"offset\":0,\"timestamp\":")
                .endsWith("\"key\":\"aw==\",\"headers\":[{\"h\":[118,49]}]}");
    }

    @Test
    void case_48_a_plain_string_passes_a_json_pattern_and_json_is_filtered() {
        put("key", "plain");
        put("key", "{\"type\":\"order\"}");
        put("key", "{\"type\":\"refund\"}");
        put("key", null);
        world.start(world.mapping().with(FilterCriteria.of(JSON_PATTERN)));

        assertThat(delivered()).containsExactly("plain", "{\"type\":\"order\"}", "");
    }

    @Test
    void plain_strings_are_filtered_by_value() {
        put("key", "error");
        put("key", "fine");
        world.start(world.mapping().with(FilterCriteria.of("{\"value\":[{\"anything-but\":[\"error\"]}]}")));

        assertThat(delivered()).containsExactly("fine");
    }

    @Test
    void case_57_a_report_of_an_offset_that_is_not_in_the_batch_fails_all_of_it() {
        world.function.returns(batch -> world.function.deliveries().size() > 1
                ? Result.success()
                : new Result.FailedRecords(List.of(batch.get(1).sequenceNumber(), SequenceNumber.of(7))));
        put("123");
        world.start(mapping(FailureHandling.defaults().withReportBatchItemFailures()))
                .advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("123", "123");
    }

    @Test
    void a_report_of_an_offset_in_the_batch_makes_progress() {
        world.function.reports("2");
        put("123");
        world.start(mapping(toDestination().withMaximumRetryAttempts(0).withReportBatchItemFailures()))
                .advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("123", "23");
        assertThat(world.destination.digits()).containsExactly("23");
    }

    @Test
    void without_a_limit_of_retries_but_with_a_destination_there_are_ten_and_the_start_says_so() {
        world.function.throwsOn("1");
        put("1");
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control.RetryLimit")) {
            world.start(mapping(toDestination())).advance(Duration.ofHours(1));

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO Mapping 'orders' has maximum-retry-attempts -1 and an on-failure destination")
                    .contains("given up after 10 retries");
        }

        assertThat(world.function.deliveries()).hasSize(11);
        assertThat(world.destination.batches()).singleElement().satisfies(discarded -> {
            assertThat(discarded.condition()).isEqualTo(Condition.RETRY_ATTEMPTS_EXHAUSTED);
            assertThat(discarded.invokeCount()).isEqualTo(11);
        });
    }

    @Test
    void a_batch_that_a_restart_takes_up_again_has_the_same_limit() {
        world.function.throwsOn("1");
        put("1");
        world.start(mapping(toDestination())).advance(Duration.ofSeconds(2));
        int before = world.function.deliveries().size();
        world.restart(mapping(toDestination())).advance(Duration.ofHours(1));

        assertThat(before).isBetween(2, 10);
        assertThat(world.destination.batches())
                .singleElement()
                .satisfies(discarded -> assertThat(discarded.invokeCount()).isEqualTo(11));
    }

    @Test
    void without_a_destination_retries_have_no_limit() {
        world.function.throwsOn("1");
        put("1");
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control.RetryLimit")) {
            world.start(world.mapping()).advance(Duration.ofHours(1));
            assertThat(log.lines()).isEmpty();
        }

        assertThat(world.function.deliveries()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12})
    void a_limit_of_the_mappings_own_is_kept(int retries) {
        world.function.throwsOn("1");
        put("1");
        world.start(mapping(toDestination().withMaximumRetryAttempts(retries))).advance(Duration.ofHours(2));

        assertThat(world.function.deliveries()).hasSize(retries + 1);
    }

    @Test
    void retries_of_kinesis_have_no_limit_with_a_destination_either() {
        World kinesis = new World(1);
        kinesis.function.throwsOn("1");
        kinesis.stream.put("1");
        kinesis.start(kinesis.mapping().with(toDestination())).advance(Duration.ofHours(1));

        assertThat(kinesis.function.deliveries()).hasSizeGreaterThan(20);
        assertThat(kinesis.destination.batches()).isEmpty();
    }

    @Test
    void a_record_that_fits_no_event_is_given_up_as_too_large_and_the_next_is_delivered() {
        Record large = world.stream.put(bytes("key"), new byte[5 * 1024 * 1024]);
        put("2");
        world.start(mapping(toDestination().withMaximumRetryAttempts(1))).advance(Duration.ofSeconds(5));

        assertThat(delivered()).containsExactly("2");
        DiscardedBatch discarded = world.destination.batches().get(0);
        assertThat(discarded.records()).containsExactly(large);
        assertThat(InvocationRecord.json(discarded))
                .contains("\"condition\":\"MaximumPayloadSizeExceeded\",\"approximateInvokeCount\":2},"
                        + "\"responseContext\":null,")
                .contains("\"recordsInfo\":{\"orders-0\":{\"firstRecordOffset\":\"0\",\"lastRecordOffset\":\"0\",");
    }

    @Test
    void headers_count_towards_an_events_size() {
        byte[] negative = new byte[1024 * 1024];
        Arrays.fill(negative, (byte) -128); // five bytes each in JSON
        world.stream.put(null, null, new Header("h", negative));
        world.stream.put(null, null, new Header("h", negative));
        world.start(world.mapping());

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().records().size())
                .containsExactly(1, 1);
    }

    @Test
    void the_age_of_a_record_is_that_of_its_timestamp() {
        put("1");
        world.advance(Duration.ofSeconds(61));
        put("2");
        world.start(mapping(toDestination().withMaximumRecordAge(Duration.ofSeconds(60))));

        assertThat(world.function.digits()).containsExactly("2");
        assertThat(world.destination.digits()).containsExactly("1");
        assertThat(InvocationRecord.json(world.destination.batches().get(0)))
                .contains("\"condition\":\"RecordAgeExceeded\"")
                .doesNotContain("responseContext");
    }

    @Test
    void a_discarded_batch_in_a_file_has_key_headers_and_missing_values(@TempDir Path folder) throws Exception {
        world.function.throwsOn("");
        world.stream.put(bytes("k"), null, header("h", "v1"));
        world.start(mapping(toDestination().withMaximumRetryAttempts(0))).advance(Duration.ofSeconds(1));
        Path file = folder.resolve("discarded.jsonl");
        try (BuiltInDestinations destinations = new BuiltInDestinations()) {
            destinations
                    .find("file:" + file)
                    .orElseThrow()
                    .send(world.destination.batches().get(0));
        }

        JsonNode document = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(document.get("payload").stringValue()).contains("\"key\":\"aw==\",\"headers\":[{\"h\":[118,49]}]");
    }

    @Test
    void a_tumbling_window_works_as_on_kinesis() throws Exception {
        world.function.returnsState(invocation -> Answer.of(Result.success())
                .with("{\"n\":" + invocation.records().size() + "}"));
        put("12");
        world.start(world.mapping().with(Batching.defaults().withTumblingWindow(Duration.ofSeconds(10))))
                .advance(Duration.ofMinutes(5));

        List<Invocation> invocations = world.function.deliveries().stream()
                .map(delivery -> delivery.invocation())
                .toList();
        assertThat(invocations).hasSize(2);
        JsonNode last = event(invocations.get(1));
        assertThat(last.get("records").isEmpty()).isTrue();
        assertThat(last.get("shardId").stringValue()).isEqualTo("orders-0");
        assertThat(last.get("eventSourceARN").stringValue()).isEqualTo(world.stream.arn());
        assertThat(last.get("state").toString()).isEqualTo("{\"n\":2}");
        assertThat(last.get("isFinalInvokeForWindow").booleanValue()).isTrue();
    }

    @Test
    void filters_are_checked_where_the_source_is_known() {
        EventSourceMapping plain =
                EventSourceMapping.of("orders", "orders").with(FilterCriteria.of("{\"value\":[\"x\"]}"));
        EventSourceMapping data =
                EventSourceMapping.of("orders", "orders").with(FilterCriteria.of("{\"data\":{\"a\":[1]}}"));
        try (RealEngine engine = new RealEngine(1)) {
            engine.topic("orders", 1);
            engine.function("orders", engine::remember);
            assertThatThrownBy(() -> engine.start(data))
                    .isInstanceOf(InvalidMappingException.class)
                    .hasMessageStartingWith("filters: '{\"data\":{\"a\":[1]}}'")
                    .hasMessageContaining("'data' is nothing that records of this source have; they have headers, key");
            engine.start(plain);
        }
        try (RealEngine engine = new RealEngine(1)) {
            engine.stream("orders", 1);
            engine.function("orders", engine::remember);
            engine.start(data);
        }
    }
}
