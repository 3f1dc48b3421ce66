package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceStackTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void what_cant_be_closed_keeps_nothing_else_open() {
        try (ResourceStack opened = new ResourceStack()) {
            opened.push(() -> closed.add("first"));
            opened.push(() -> {
                throw new OutOfMemoryError("a test");
            });
            opened.push(() -> closed.add("last"));
        }
        assertThat(closed).containsExactly("last", "first");
    }

    @Test
    void what_is_released_stays_open() {
        try (ResourceStack opened = new ResourceStack()) {
            opened.push(() -> closed.add("first"));
            opened.release();
        }
        assertThat(closed).isEmpty();
    }
}
