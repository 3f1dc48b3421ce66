package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class EngineMemoryTest {

    private static final long MIB = 1 << 20;

    @Test
    void a_heap_of_64_MB_has_room_for_the_largest_event_whatever_its_collector_counts_out() {
        assertThatCode(() -> EngineMemory.ofHeap(60 * MIB).requireRoom("orders"))
                .doesNotThrowAnyException();
    }

    @Test
    void a_smaller_heap_is_refused_with_the_figures() {
        assertThatThrownBy(() -> EngineMemory.ofHeap(48 * MIB).requireRoom("orders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Mapping 'orders': an event of 6 MB takes up to 16 MB of memory, and events have three tenths"
                                + " of the heap, which is 14 MB; start Java with -Xmx64m or more");
    }

    @Test
    void no_event_takes_more_than_there_is() {
        EngineMemory memory = new EngineMemory(new MemoryBudget(1), new MemoryBudget(100));

        assertThat(memory.eventShare(10)).isEqualTo(27);
        assertThat(memory.eventShare(1_000)).isEqualTo(100);
    }

    @Test
    void what_is_held_without_having_been_asked_for_is_waited_for() {
        MemoryBudget budget = new MemoryBudget(100);
        budget.takeHeld(150);
        StringBuilder granted = new StringBuilder();
        assertThat(budget.tryTake(10, () -> granted.append("granted"))).isFalse();
        budget.giveBack(50);
        assertThat(granted).isEmpty();
        budget.giveBack(100);

        assertThat(granted).hasToString("granted");
        assertThat(budget.tryTake(91, () -> {})).isFalse();
    }

    @Test
    void a_grant_that_throws_reaches_neither_who_gives_back_nor_the_later_grants() {
        MemoryBudget budget = new MemoryBudget(100);
        assertThat(budget.tryTake(100, () -> {})).isTrue();
        StringBuilder granted = new StringBuilder();
        for (RuntimeException fault :
                List.of(new RejectedExecutionException("closed"), new IllegalStateException("thrown by a test"))) {
            budget.tryTake(30, () -> {
                throw fault;
            });
        }
        budget.tryTake(30, () -> granted.append("third"));
        budget.giveBack(100);

        assertThat(granted).hasToString("third");
        assertThat(budget.tryTake(11, () -> {})).isFalse();
    }

    @Test
    void a_share_larger_than_all_there_is_would_wait_for_ever() {
        assertThatThrownBy(() -> new MemoryBudget(100).tryTake(101, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("101")
                .hasMessageContaining("100");
    }
}
