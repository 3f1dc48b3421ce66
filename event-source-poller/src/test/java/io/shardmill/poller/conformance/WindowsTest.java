package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.poller.internal.batch.TumblingWindow;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec chapter 14, "Windows": cases 81 to 87, and 22. The function's state is the texts it has seen, in a row. */
class WindowsTest {

    private static final String SHARD = "shardId-000000000000";
    private static final Duration GRACE = Duration.ofMillis(TumblingWindow.GRACE_MILLIS);

    private final World world = new World(1);

    WindowsTest() {
        world.function.returnsState(invocation -> Answer.of(Result.success()).with(seen(invocation)));
    }

    private static String seen(Invocation invocation) {
        return stateOf(seenBefore(invocation) + texts(invocation.records()));
    }

    private static String seenBefore(Invocation invocation) {
        return window(invocation).state().replaceAll("[^0-9]", "");
    }

    private static String texts(List<Record> records) {
        return String.join("", records.stream().map(Record::text).toList());
    }

    private static String stateOf(String seen) {
        return "{\"seen\":\"" + seen + "\"}";
    }

    private static Window window(Invocation invocation) {
        return Objects.requireNonNull(invocation.window());
    }

    private EventSourceMapping mapping(int seconds) {
        return world.mapping().with(Batching.defaults().withTumblingWindow(Duration.ofSeconds(seconds)));
    }

    private EventSourceMapping oneByOne(int seconds) {
        return mapping(seconds).with(mapping(seconds).batching().withBatchSize(1));
    }

    /** Puts records that arrived that long after the world began. */
    private void put(int afterMillis, String... texts) {
        for (String text : texts) {
            world.stream.put(
                    world.stream.shardIds().get(0),
                    text,
                    text.getBytes(StandardCharsets.UTF_8),
                    VirtualTime.START + afterMillis);
        }
    }

    private void advance(int seconds) {
        world.advance(Duration.ofSeconds(seconds));
    }

    /** Each delivery as its records and the state it got; a final one in brackets. */
    private List<String> story() {
        return world.function.deliveries().stream()
                .map(delivery -> {
                    Window window = window(delivery.invocation());
                    String state = seenBefore(delivery.invocation());
                    String early = window.isTerminatedEarly() ? "early " : "";
                    return window.isFinal() ? early + "[" + state + "]" : state + "+" + delivery.digits();
                })
                .toList();
    }

    @Test
    void case_22_a_tumbling_window_does_not_go_with_a_factor_above_1() {
        assertThatThrownBy(() -> Batching.defaults().withFactor(2).withTumblingWindow(Duration.ofSeconds(10)))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContaining("tumbling-window: 10s")
                .hasMessageContaining("parallelization-factor 2");
        assertThat(Batching.defaults()
                        .withFactor(2)
                        .withTumblingWindow(Duration.ZERO)
                        .hasTumblingWindow())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1_000, 500, 10_500, 901_000})
    void a_tumbling_window_has_0_to_900_whole_seconds(long millis) {
        assertThatThrownBy(() -> Batching.defaults().withTumblingWindow(Duration.ofMillis(millis)))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContaining("tumbling-window")
                .hasMessageContaining("between 0s and 900s, in whole seconds");
    }

    @Test
    void case_81_the_state_goes_from_batch_to_batch_and_a_final_invocation_comes_before_the_next_window() {
        world.start(oneByOne(10));
        put(1_000, "1", "2", "3", "4");
        put(11_000, "5");
        world.advance(Duration.ofMillis(1));

        assertThat(story()).containsExactly("+1", "1+2", "12+3", "123+4", "[1234]", "+5");
        assertThat(world.function.deliveries().get(0).invocation().window().state())
                .isEqualTo("{}");
        assertThat(world.function.deliveries().get(4).digits()).isEmpty();
        assertThat(world.function.deliveries().get(5).invocation().window().state())
                .isEqualTo("{}");
    }

    @Test
    void batches_are_cut_at_window_borders_and_an_older_record_joins_the_open_window() {
        put(1_000, "1", "2");
        put(12_000, "3");
        put(3_000, "4");
        put(19_999, "5");
        put(20_000, "6");
        world.start(mapping(10));

        assertThat(story()).containsExactly("+12", "[12]", "+345", "[345]", "+6");
    }

    @Test
    void case_82_bounds_are_multiples_of_the_length_since_the_epoch() throws Exception {
        put(Math.toIntExact(Duration.ofHours(3).toMillis()) + 12_345, "1");
        world.start(mapping(7));

        Window window = window(world.function.deliveries().get(0).invocation());
        assertThat(window.start().getEpochSecond() % 7).isZero();
        assertThat(window.end()).isEqualTo(window.start().plusSeconds(7));
        assertThat(Instant.parse("2026-01-01T03:00:12.345Z")).isBetween(window.start(), window.end());
        assertThat(window.start().toString()).matches("2026-01-01T03:00:\\d\\dZ");
        assertThat(new String(
                        world.function.deliveries().get(0).invocation().event().bytes(), StandardCharsets.UTF_8))
                .endsWith("],\"shardId\":\"" + SHARD
                        + "\",\"eventSourceARN\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\","
                        + "\"window\":{\"start\":\"" + window.start() + "\",\"end\":\"" + window.end() + "\"},"
                        + "\"state\":{},\"isFinalInvokeForWindow\":false,\"isWindowTerminatedEarly\":false}");
    }

    @Test
    void case_83_on_an_idle_stream_the_final_invocation_comes_a_little_after_the_windows_end() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(10);
        assertThat(story()).containsExactly("+1");

        world.advance(GRACE);

        assertThat(story()).containsExactly("+1", "[1]");
        assertThat(world.function.deliveries().get(1).millis())
                .isEqualTo(VirtualTime.START + 10_000 + TumblingWindow.GRACE_MILLIS);
        advance(1);
        assertThat(world.row(SHARD).progress().window()).isNull();
    }

    @Test
    void a_window_without_records_is_not_invoked_at_all() {
        world.start(mapping(10));
        advance(100);
        assertThat(world.function.deliveries()).isEmpty();
    }

    @Test
    void a_straggler_within_the_grace_joins_and_a_later_one_opens_a_window_anew() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(12);
        put(9_000, "2");
        advance(8);
        put(9_500, "3");
        advance(1);

        assertThat(story()).containsExactly("+1", "1+2", "[12]", "+3", "[3]");
    }

    @Test
    void while_the_stream_can_not_be_read_no_window_is_called_over() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(2);
        world.stream.outage("throttled");
        put(2_000, "2");
        advance(60);
        assertThat(story()).containsExactly("+1");

        world.stream.outage(null);
        advance(1);
        assertThat(story()).containsExactly("+1", "1+2", "[12]");
    }

    @Test
    void an_underfilled_batch_does_not_wait_past_its_tumbling_window() {
        world.start(mapping(10).with(mapping(10).batching().withWindow(Duration.ofSeconds(200))));
        put(1_000, "1");
        advance(15);
        assertThat(story()).containsExactly("+1", "[1]");
    }

    @Test
    void case_84_an_answer_without_state_is_a_failed_invocation() {
        world.function.returnsState(invocation -> Answer.of(Result.success()));
        put(1_000, "1");
        world.start(mapping(10)
                .with(FailureHandling.defaults().withMaximumRetryAttempts(1).withDestination("fake")));
        advance(5);

        assertThat(story()).containsExactly("+1", "+1");
        DiscardedBatch discarded = world.destination.batches().get(0);
        assertThat(discarded.condition()).isEqualTo(DiscardedBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED);
        assertThat(Objects.requireNonNull(discarded.response()).functionError()).isNull();
    }

    @Test
    void case_85_a_state_above_1_MB_ends_the_window_early_and_it_goes_on_without_one() {
        String large = "{\"large\":\"" + "x".repeat(TumblingWindow.MAX_STATE_BYTES - 13) + "\"}";
        assertThat(large).hasSize(TumblingWindow.MAX_STATE_BYTES - 1);
        world.function.returnsState(invocation -> Answer.of(Result.success())
                .with(
                        texts(invocation.records()).equals("2")
                                ? large.replace("x\"}", "x\\u00e4\"}")
                                : texts(invocation.records()).equals("3") ? large : seen(invocation)));
        put(1_000, "1", "2", "3", "4");
        world.start(oneByOne(10));
        advance(20);

        assertThat(world.function.digits()).containsExactly("1", "2", "", "3", "4", "");
        Window early = window(world.function.deliveries().get(2).invocation());
        assertThat(early.isFinal()).isTrue();
        assertThat(early.isTerminatedEarly()).isTrue();
        assertThat(early.state())
                .hasSizeGreaterThan(TumblingWindow.MAX_STATE_BYTES)
                .startsWith("{\"large\"");
        Window next = window(world.function.deliveries().get(3).invocation());
        assertThat(next).isEqualTo(new Window(early.start(), early.end(), "{}", false, false));
        Window last = window(world.function.deliveries().get(5).invocation());
        assertThat(last.isFinal()).isTrue();
        assertThat(last.isTerminatedEarly()).isFalse();
    }

    @Test
    void case_85_the_early_final_invocation_comes_even_before_what_is_left_of_a_batch() {
        String large = stateOf("9".repeat(TumblingWindow.MAX_STATE_BYTES));
        world.function.returnsState(invocation -> texts(invocation.records()).equals("1234")
                ? new Answer(Result.failedFrom(2), large)
                : Answer.of(Result.success()).with(stateOf("7")));
        put(1_000, "1", "2", "3", "4");
        world.start(mapping(10));

        assertThat(world.function.digits()).containsExactly("1234", "", "34");
        assertThat(window(world.function.deliveries().get(1).invocation()).isTerminatedEarly())
                .isTrue();
        assertThat(window(world.function.deliveries().get(2).invocation()).state())
                .isEqualTo("{}");
    }

    @Test
    void case_86_a_failing_final_invocation_is_given_up_and_the_next_window_starts() throws Exception {
        failing(invocation -> window(invocation).isFinal());
        put(1_000, "1");
        put(12_000, "2");
        world.start(mapping(10)
                .with(FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("fake")));

        assertThat(story()).containsExactly("+1", "[1]", "+2");
        assertThat(new String(
                        InvocationRecord.jsonWithPayload(
                                world.destination.batches().get(0)),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"requestContext\":{\"requestId\":\"request-2\","
                        + "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:orders\","
                        + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":1},"
                        + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\","
                        + "\"functionError\":\"Unhandled\"},\"version\":\"1.0\","
                        + "\"payload\":\"{\\\"Records\\\":[],\\\"shardId\\\":\\\"shardId-000000000000\\\","
                        + "\\\"eventSourceARN\\\":\\\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\\\","
                        + "\\\"window\\\":{\\\"start\\\":\\\"2026-01-01T00:00:00Z\\\","
                        + "\\\"end\\\":\\\"2026-01-01T00:00:10Z\\\"},"
                        + "\\\"state\\\":{\\\"seen\\\":\\\"1\\\"},\\\"isFinalInvokeForWindow\\\":true,"
                        + "\\\"isWindowTerminatedEarly\\\":false}\","
                        + "\"timestamp\":\"2026-01-01T00:00:00.000Z\","
                        + "\"KinesisBatchInfo\":{\"shardId\":\"shardId-000000000000\","
                        + "\"streamArn\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"},"
                        + "\"timeWindowInfo\":{\"window\":{\"start\":\"2026-01-01T00:00:00Z\","
                        + "\"end\":\"2026-01-01T00:00:10Z\"},\"isFinalInvokeForWindow\":true,"
                        + "\"isWindowTerminatedEarly\":false}}");
    }

    @Test
    void case_86_a_final_invocation_is_retried_with_the_same_request_id_and_not_split() {
        failing(invocation ->
                window(invocation).isFinal() && invocation.attempt().number() < 3);
        put(1_000, "1");
        put(12_000, "2");
        world.start(mapping(10)
                .with(FailureHandling.defaults().withMaximumRetryAttempts(5).withBisect()));
        advance(2);

        assertThat(story()).containsExactly("+1", "[1]", "[1]", "[1]", "+2");
        assertThat(world.function.deliveries().stream()
                        .map(delivery -> delivery.invocation().attempt().requestId())
                        .toList())
                .containsExactly("request-1", "request-2", "request-2", "request-2", "request-3");
    }

    @Test
    void a_final_invocation_that_reports_failed_records_has_failed() {
        world.function.returnsState(invocation -> window(invocation).isFinal()
                ? new Answer(Result.failedFrom(0), "{}")
                : Answer.of(Result.success()).with(seen(invocation)));
        put(1_000, "1");
        put(12_000, "2");
        world.start(mapping(10).with(FailureHandling.defaults().withMaximumRetryAttempts(1)));
        advance(2);

        assertThat(story()).containsExactly("+1", "[1]", "[1]", "+2");
    }

    @Test
    void the_age_of_a_final_invocation_counts_from_its_windows_end() {
        failing(invocation -> window(invocation).isFinal());
        put(1_000, "1");
        world.start(mapping(10)
                .with(FailureHandling.defaults()
                        .withMaximumRecordAge(Duration.ofSeconds(60))
                        .withDestination("fake")));
        advance(69);
        assertThat(world.destination.batches()).isEmpty();
        advance(1);

        DiscardedBatch discarded = world.destination.batches().get(0);
        assertThat(discarded.condition()).isEqualTo(DiscardedBatch.Condition.RECORD_AGE_EXCEEDED);
        assertThat(discarded.response()).isNull();
        assertThat(discarded.timestamp()).isEqualTo(Instant.ofEpochMilli(VirtualTime.START + 70_000));
        assertThat(world.row(SHARD).progress().window()).isNull();
    }

    @Test
    void a_failed_batch_is_split_inside_its_window_and_each_part_gets_the_state_of_the_parts_before_it() {
        failing(invocation ->
                invocation.records().size() > 1 && texts(invocation.records()).contains("3"));
        put(1_000, "1", "2", "3", "4");
        put(12_000, "5");
        world.start(mapping(10).with(FailureHandling.defaults().withBisect()));

        assertThat(story()).containsExactly("+1234", "+12", "12+34", "12+3", "123+4", "[1234]", "+5");
    }

    @Test
    void a_partial_failure_with_progress_keeps_the_state_and_one_without_does_not() {
        world.function.returnsState(invocation -> {
            String texts = texts(invocation.records());
            return switch (texts) {
                case "1234" -> new Answer(Result.failedFrom(2), stateOf("12"));
                case "34" ->
                    invocation.attempt().number() == 1
                            ? new Answer(Result.failedFrom(0), stateOf("99"))
                            : Answer.of(Result.success()).with(seen(invocation));
                default -> Answer.of(Result.success()).with(seen(invocation));
            };
        });
        put(1_000, "1", "2", "3", "4");
        put(12_000, "5");
        world.start(mapping(10));
        advance(1);

        assertThat(story()).containsExactly("+1234", "12+34", "12+34", "[1234]", "+5");
    }

    @Test
    void records_that_are_given_up_are_not_in_the_state_and_their_document_names_the_window() {
        failing(invocation -> texts(invocation.records()).contains("2"));
        put(1_000, "1", "2", "3");
        put(12_000, "4");
        world.start(oneByOne(10)
                .with(FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("fake")));

        assertThat(story()).containsExactly("+1", "1+2", "1+3", "[13]", "+4");
        assertThat(InvocationRecord.json(world.destination.batches().get(0)))
                .contains("\"batchSize\":1,\"streamArn\"")
                .endsWith("\"timeWindowInfo\":{\"window\":{\"start\":\"2026-01-01T00:00:00Z\","
                        + "\"end\":\"2026-01-01T00:00:10Z\"},\"isFinalInvokeForWindow\":false,"
                        + "\"isWindowTerminatedEarly\":false}}");
    }

    @Test
    void case_87_the_end_of_a_shard_closes_its_window_and_children_start_fresh() {
        world.start(mapping(60));
        put(1_000, "1");
        advance(1);
        world.function.takes(invocation -> window(invocation).isFinal() ? 3_000 : 0);
        List<String> children = world.stream.split(SHARD);
        world.stream.put(children.get(0), "2", "2");
        advance(2);
        assertThat(world.row(SHARD).state()).isEqualTo(ShardState.READING);
        assertThat(story()).containsExactly("+1", "[1]");

        advance(3);
        assertThat(world.row(SHARD).state()).isEqualTo(ShardState.ENDED);
        assertThat(story()).containsExactly("+1", "[1]", "+2");
    }

    // A restart.

    @Test
    void after_a_crash_between_two_batches_the_window_goes_on_as_if_nothing_had_been() {
        world.start(oneByOne(10));
        put(1_000, "1", "2");
        advance(1);
        world.crash();
        put(2_000, "3");
        put(12_000, "4");
        world.start(oneByOne(10));

        assertThat(story()).containsExactly("+1", "1+2", "12+3", "[123]", "+4");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void a_crash_during_or_after_any_delivery_leaves_the_final_states_as_they_are(int deliveries) {
        world.function.takes(invocation -> 70);
        put(1_000, "1", "2", "3");
        put(11_000, "4", "5");
        put(25_000, "6");
        for (int millis : List.of(0, 69, 70, 71, 170)) {
            world.begin(oneByOne(10));
            int enough = world.function.deliveries().size() + deliveries;
            long limit = world.time.millis() + 60_000;
            while (world.function.deliveries().size() < enough && world.time.step(limit)) {}
            world.advance(Duration.ofMillis(millis));
            world.crash();
        }
        world.start(oneByOne(10));
        advance(60);

        assertThat(story().stream().filter(step -> step.startsWith("[")).distinct())
                .containsExactly("[123]", "[45]", "[6]");
        assertThat(world.row(SHARD).progress().window()).isNull();
    }

    @Test
    void a_batch_that_is_delivered_again_after_a_crash_meets_the_state_it_met_before() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);
        put(2_000, "2");
        world.time.step(world.time.millis()); // delivered, but not saved
        while (world.function.deliveries().size() < 2) {
            world.time.step(world.time.millis() + 100);
        }
        world.crash();
        world.start(mapping(10));

        assertThat(story()).containsExactly("+1", "1+2", "1+2");
    }

    @Test
    void the_window_of_an_idle_shard_is_closed_after_a_restart_too() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);
        world.crash();
        advance(100);
        world.start(mapping(10));

        assertThat(story()).containsExactly("+1", "[1]");
    }

    @Test
    void after_a_restart_what_was_not_read_yet_joins_before_the_window_is_called_over() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);
        world.crash();
        put(2_000, "2");
        advance(100);
        world.stream.readLimit(1);
        put(3_000, "3");
        world.start(oneByOne(10));

        assertThat(story()).containsExactly("+1", "1+2", "12+3", "[123]");
    }

    @Test
    void attempts_of_a_final_invocation_are_remembered() {
        failing(invocation -> window(invocation).isFinal());
        EventSourceMapping mapping = mapping(10)
                .with(FailureHandling.defaults().withMaximumRetryAttempts(2).withDestination("fake"));
        put(1_000, "1");
        put(12_000, "2");
        world.start(mapping).advance(Duration.ofMillis(150));
        assertThat(world.row(SHARD).progress().window().phase()).isEqualTo(OpenWindow.Phase.CLOSING);
        assertThat(world.row(SHARD).progress().heads().get(0).attempts()).isEqualTo(1);
        world.crash();
        world.start(mapping);
        advance(5);

        assertThat(story()).containsExactly("+1", "[1]", "[1]", "[1]", "+2");
        assertThat(world.destination.batches().get(0).invokeCount()).isEqualTo(3);
    }

    @Test
    void a_replay_starts_without_a_state() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);
        world.await(world.mappings().replay("orders", new io.shardmill.poller.control.Replay.FromTrimHorizon()));
        advance(1);

        assertThat(story()).containsExactly("+1", "+1");
    }

    @Test
    void an_open_window_keeps_its_bounds_when_the_length_is_changed() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);
        world.await(world.mappings().update(mapping(4)));
        put(9_000, "2");
        put(10_000, "3");
        advance(1);

        assertThat(story()).containsExactly("+1", "1+2", "[12]", "+3");
        assertThat(window(world.function.deliveries().get(3).invocation()).end())
                .isEqualTo(Instant.ofEpochMilli(VirtualTime.START + 12_000));
    }

    @Test
    void without_a_tumbling_window_any_more_the_state_is_dropped() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);
        world.await(world.mappings().update(world.mapping()));
        put(2_000, "2");
        advance(1);

        assertThat(world.function.deliveries().get(1).invocation().window()).isNull();
        assertThat(world.row(SHARD).progress().window()).isNull();
    }

    @Test
    void the_open_window_can_be_seen_but_not_its_state() {
        world.start(mapping(10));
        put(1_000, "1");
        advance(1);

        assertThat(world.await(world.mappings().describe("orders"))
                        .shards()
                        .get(0)
                        .window())
                .hasToString("WindowStatus[start=2026-01-01T00:00:00Z, end=2026-01-01T00:00:10Z, stateBytes=12]");
        world.await(world.mappings().pause("orders"));
        assertThat(world.await(world.mappings().describe("orders"))
                        .shards()
                        .get(0)
                        .window())
                .isNotNull();
    }

    private void failing(Predicate<Invocation> bad) {
        world.function.answers(invocation -> bad.test(invocation)
                ? InvocationOutcome.Failure.threw(new IllegalStateException("bad"))
                : InvocationOutcome.of(Answer.of(Result.success()).with(seen(invocation)), invocation, true));
    }
}
