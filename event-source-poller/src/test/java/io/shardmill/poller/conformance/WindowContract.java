package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Result;
import io.shardmill.poller.event.DiscardedBatch.Condition;
import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.poller.internal.batch.TumblingWindow;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Spec chapter 14, "Windows" of a topic: cases 81 to 86. Case 87 is of shards that end, which partitions don't. Records are of windows
 * that are over, so nothing waits for the end of one. The function's state is the texts it has seen, in a row.
 */
public abstract class WindowContract extends TopicContract {

    private static final Duration LENGTH = Duration.ofSeconds(10);

    private static String seen(Invocation invocation) {
        return seenBefore(invocation) + texts(invocation.records());
    }

    private static String seenBefore(Invocation invocation) {
        return window(invocation).state().replaceAll("[^0-9]", "");
    }

    private static Window window(Invocation invocation) {
        return Objects.requireNonNull(invocation.window());
    }

    private static Answer counted(Invocation invocation) {
        return Answer.of(Result.success()).with("{\"seen\":\"" + seen(invocation) + "\"}");
    }

    private EventSourceMapping oneByOne() {
        return mapping().with(Batching.defaults().withTumblingWindow(LENGTH).withBatchSize(1));
    }

    /** Puts a record of the minute before. */
    private void put(int second, String digits) {
        long lengthMillis = LENGTH.toMillis();
        Instant begin = Instant.ofEpochMilli(topic().now().toEpochMilli() / lengthMillis * lengthMillis)
                .minusSeconds(60);
        digits.chars().forEach(digit -> topic().put(0, "key", Character.toString(digit), begin.plusSeconds(second)));
    }

    private void awaitDeliveries(int number) {
        topic().await(() -> deliveries().size() == number);
    }

    /** Each delivery as its records and the state it got; a final one in brackets. */
    private List<String> story() {
        return deliveries().stream()
                .map(delivery -> {
                    String state = seenBefore(delivery.invocation());
                    boolean isFinal = window(delivery.invocation()).isFinal();
                    return isFinal ? "[" + state + "]" : state + "+" + delivery.digits();
                })
                .toList();
    }

    @Test
    void case_81_the_state_goes_from_batch_to_batch_and_a_final_invocation_comes_before_the_next_window() {
        put(1, "1234");
        put(11, "5");
        start(oneByOne(), WindowContract::counted);
        awaitDeliveries(7);

        assertThat(story()).containsExactly("+1", "1+2", "12+3", "123+4", "[1234]", "+5", "[5]");
        assertThat(List.of(0, 5))
                .allSatisfy(first -> assertThat(
                                window(deliveries().get(first).invocation()).state())
                        .isEqualTo("{}"));
        assertThat(deliveries().get(4).digits()).isEmpty();
    }

    @Test
    void case_82_bounds_are_multiples_of_the_length_since_the_epoch() throws Exception {
        Instant timestamp = topic().now().minusSeconds(60);
        topic().put(0, "key", "1", timestamp);
        start(mapping().with(Batching.defaults().withTumblingWindow(Duration.ofSeconds(7))), WindowContract::counted);
        awaitDeliveries(2);

        Window window = window(deliveries().get(0).invocation());
        assertThat(window.start().getEpochSecond() % 7).isZero();
        assertThat(window.end()).isEqualTo(window.start().plusSeconds(7));
        assertThat(timestamp).isAfterOrEqualTo(window.start()).isBefore(window.end());
        assertThat(window.start().toString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(new String(deliveries().get(0).invocation().event().bytes(), StandardCharsets.UTF_8))
                .endsWith("\"window\":{\"start\":\"" + window.start() + "\",\"end\":\"" + window.end() + "\"},"
                        + "\"state\":{},\"isFinalInvokeForWindow\":false,\"isWindowTerminatedEarly\":false}");
    }

    /** In real time, the window's end is 4 to 5 s ago. */
    @Test
    void case_83_without_further_records_the_final_invocation_comes_a_little_after_the_windows_end() {
        Duration grace = Duration.ofMillis(TumblingWindow.GRACE_MILLIS);
        Instant end = Instant.ofEpochSecond(topic().now().getEpochSecond() + 1).minus(grace);
        topic().put(0, "key", "1", end.minusSeconds(1));
        start(mapping().with(Batching.defaults().withTumblingWindow(Duration.ofSeconds(1))), WindowContract::counted);
        awaitDeliveries(2);

        assertThat(story()).containsExactly("+1", "[1]");
        assertThat(window(deliveries().get(1).invocation()).end()).isEqualTo(end);
        assertThat(deliveries().get(1).begun()).isBetween(end.plus(grace), end.plus(Duration.ofMinutes(2)));
    }

    @Test
    void case_84_an_answer_without_state_is_a_failed_invocation() {
        put(1, "1");
        start(
                oneByOne().with(RULES.withMaximumRetryAttempts(1)),
                invocation -> window(invocation).isFinal() ? counted(invocation) : Answer.of(Result.success()));
        awaitDeliveries(3);

        assertThat(story()).containsExactly("+1", "+1", "[]");
        assertThat(discarded()).singleElement().satisfies(batch -> {
            assertThat(batch.condition()).isEqualTo(Condition.RETRY_ATTEMPTS_EXHAUSTED);
            assertThat(Objects.requireNonNull(batch.response()).functionError()).isNull();
        });
    }

    @Test
    void case_85_a_state_above_1_MB_ends_the_window_early_and_it_goes_on_without_one() {
        String large = "{\"large\":\"" + "x".repeat(TumblingWindow.MAX_STATE_BYTES) + "\"}";
        put(1, "12");
        start(
                oneByOne(),
                invocation -> texts(invocation.records()).equals("1")
                        ? Answer.of(Result.success()).with(large)
                        : counted(invocation));
        awaitDeliveries(4);

        assertThat(delivered()).containsExactly("1", "", "2", "");
        Window early = window(deliveries().get(1).invocation());
        assertThat(early).isEqualTo(new Window(early.start(), early.end(), large, true, true));
        assertThat(window(deliveries().get(2).invocation()))
                .isEqualTo(new Window(early.start(), early.end(), "{}", false, false));
        Window last = window(deliveries().get(3).invocation());
        assertThat(last).isEqualTo(new Window(early.start(), early.end(), "{\"seen\":\"2\"}", true, false));
    }

    @Test
    void case_86_a_failing_final_invocation_is_given_up_and_the_next_window_starts() {
        put(1, "1");
        put(11, "2");
        start(oneByOne().with(RULES.withMaximumRetryAttempts(0)), invocation -> {
            if (seenBefore(invocation).equals("1")) {
                throw new IllegalStateException("bad window");
            }
            return counted(invocation);
        });
        awaitDeliveries(4);

        assertThat(story()).containsExactly("+1", "[1]", "+2", "[2]");
        Window window = window(deliveries().get(1).invocation());
        assertThat(discarded())
                .singleElement()
                .satisfies(batch -> assertThat(InvocationRecord.json(batch))
                        .contains("\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":1}")
                        .contains("\"KafkaBatchInfo\":{\"batchSize\":0,")
                        .endsWith("\"recordsInfo\":{\"" + batch.shard().id()
                                + "\":{}}},\"timeWindowInfo\":{\"window\":{\"start\":\""
                                + window.start() + "\",\"end\":\"" + window.end()
                                + "\"},\"isFinalInvokeForWindow\":true,"
                                + "\"isWindowTerminatedEarly\":false}}"));
    }
}
