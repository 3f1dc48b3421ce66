package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermitsTest {

    private final List<String> granted = new ArrayList<>();

    private boolean tryAcquire(Permits permits, String who) {
        return permits.tryAcquire(() -> granted.add(who));
    }

    @Test
    void are_given_out_while_there_are_any() {
        Permits permits = new Permits(2);

        assertThat(tryAcquire(permits, "a")).isTrue();
        assertThat(tryAcquire(permits, "b")).isTrue();
        assertThat(tryAcquire(permits, "c")).isFalse();
        assertThat(granted).isEmpty();
    }

    @Test
    void that_all_are_back_is_told_at_once_or_with_the_last_one() {
        Permits idle = new Permits(2);
        idle.whenAllReturned(() -> granted.add("idle"));
        assertThat(granted).containsExactly("idle");

        Permits busy = new Permits(2);
        tryAcquire(busy, "a");
        tryAcquire(busy, "b");
        busy.whenAllReturned(() -> granted.add("busy"));
        busy.release();
        assertThat(granted).containsExactly("idle");
        busy.release();
        assertThat(granted).containsExactly("idle", "busy");
    }

    @Test
    void go_to_whoever_waits_longest_and_never_past_them() {
        Permits permits = new Permits(1);
        tryAcquire(permits, "a");
        tryAcquire(permits, "b");
        tryAcquire(permits, "c");
        permits.release();
        assertThat(granted).containsExactly("b");
        assertThat(tryAcquire(permits, "a")).isFalse();
        permits.release();
        permits.release();
        assertThat(granted).containsExactly("b", "c", "a");

        permits.release();
        assertThat(tryAcquire(permits, "d")).isTrue();
    }

    @Test
    void a_grant_that_throws_reaches_neither_who_gives_back_nor_the_next_grant() {
        Permits permits = new Permits(1);
        tryAcquire(permits, "a");
        permits.tryAcquire(() -> {
            throw new OutOfMemoryError("thrown by a test");
        });
        tryAcquire(permits, "c");
        permits.release();
        permits.release();

        assertThat(granted).containsExactly("c");
    }

    @Test
    void must_be_at_least_one() {
        assertThatThrownBy(() -> new Permits(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}
