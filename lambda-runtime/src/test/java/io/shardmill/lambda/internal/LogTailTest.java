package io.shardmill.lambda.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTailTest {

    private final LogTail tail = new LogTail();

    private String text() {
        return new String(tail.bytes(), UTF_8);
    }

    @Test
    void lines_and_bytes_are_kept_in_their_order() {
        tail.add("one é");
        tail.add("xtwo\ny".getBytes(UTF_8), 1, 4);
        assertThat(text()).isEqualTo("one é\ntwo\n");
    }

    @Test
    void only_the_last_4096_bytes_are_kept() {
        tail.add("first");
        tail.add("x".repeat(4_090));
        assertThat(text()).isEqualTo("irst\n" + "x".repeat(4_090) + "\n");
        tail.add("y".repeat(10_000));
        assertThat(text()).isEqualTo("y".repeat(4_095) + "\n");
    }

    @Test
    void what_was_there_before_a_clear_is_gone() {
        tail.add("before");
        tail.clear();
        tail.add("after");
        assertThat(text()).isEqualTo("after\n");
    }
}
