package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Shard;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final long SECOND = 1_000_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final RunCounters counters = new RunCounters();
    private long now;

    private Progress progress(boolean isTerminal) {
        return new Progress(counters, out, isTerminal, () -> now);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_terminal_has_one_line_that_a_line_of_the_log_overwrites() {
        Progress progress = progress(true);
        progress.show(OptionalLong.of(2));
        progress.show(OptionalLong.of(1));
        progress.end();

        assertThat(shown())
                .doesNotContain("\n")
                .matches("\u001b\\[K  0 delivered .*2 behind.*\r\u001b\\[K  0 delivered .*1 behind.*\r\u001b\\[K");
    }

    @Test
    void elsewhere_each_is_a_line_of_its_own() {
        Progress progress = progress(false);
        progress.show(OptionalLong.of(2));
        progress.show(OptionalLong.of(1));
        progress.end();

        assertThat(shown().lines()).hasSize(2);
        assertThat(shown()).doesNotContain("\r", "\u001b");
    }

    @Test
    void the_rate_is_that_since_the_line_before() {
        Progress progress = progress(false);
        count(10_000);
        now += SECOND;
        progress.show(OptionalLong.of(10_000));
        count(3_000);
        now += SECOND / 2;
        progress.show(OptionalLong.of(7_000));

        assertThat(shown().lines())
                .containsExactly(
                        "  10,000 delivered (10,000/s), 10,000 behind, 0 retried, 0 isolated …",
                        "  13,000 delivered (6,000/s), 7,000 behind, 0 retried, 0 isolated …");
    }

    @Test
    void a_shard_that_does_not_know_makes_the_lag_unknown() {
        progress(false).show(OptionalLong.empty());

        assertThat(shown()).contains(", unknown how many behind, ");
    }

    @Test
    void a_fill_is_shown_every_half_a_second() {
        Progress progress = progress(false);
        progress.showFill(500, 20_000);
        count(300);
        now += SECOND / 2;
        progress.showFill(1_000, 20_000);
        progress.showFill(1_500, 20_000);

        assertThat(shown().lines()).containsExactly("  1,000 of 20,000 put, 300 delivered …");
    }

    private void count(int records) {
        counters.acknowledged(new Shard("flights", "shardId-000000000000"), records);
    }
}
