package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.internal.shard.LaneAdmission.Decision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneAdmissionTest {

    private final List<String> granted = new ArrayList<>();

    private LaneAdmission admission(String shard, Limits limits) {
        return new LaneAdmission(limits, () -> granted.add(shard + " permit"), () -> granted.add(shard + " memory"));
    }

    private static Limits limits(int permits, long bytes) {
        return new Limits(new Permits(permits), new EngineMemory(new MemoryBudget(1), new MemoryBudget(bytes)));
    }

    @Test
    void a_shard_asks_for_one_permit_at_a_time_and_gives_back_what_it_does_not_use() {
        Limits limits = limits(1, 100);
        limits.permits().tryAcquire(() -> {});
        LaneAdmission admission = admission("a", limits);
        assertThat(admission.tryAdmit(0, 1)).isEqualTo(Decision.NO_PERMIT);
        assertThat(admission.tryAdmit(0, 1)).isEqualTo(Decision.NO_PERMIT);
        limits.permits().release();
        assertThat(granted).containsExactly("a permit");

        admission.permitGranted();
        admission.giveBackUnused();
        assertThat(limits.permits().tryAcquire(() -> {})).isTrue();
    }

    @Test
    void a_shard_that_holds_many_and_wants_more_waits_behind_the_others() {
        Limits limits = limits(2, 100);
        LaneAdmission greedy = admission("greedy", limits);
        assertThat(greedy.tryAdmit(0, 1)).isEqualTo(Decision.ADMITTED);
        assertThat(greedy.tryAdmit(0, 1)).isEqualTo(Decision.ADMITTED);
        assertThat(admission("modest", limits).tryAdmit(0, 1)).isEqualTo(Decision.NO_PERMIT);
        greedy.release(1);
        assertThat(greedy.tryAdmit(0, 1)).isEqualTo(Decision.NO_PERMIT);

        assertThat(granted).containsExactly("modest permit");
        greedy.release(1);
        assertThat(granted).containsExactly("modest permit", "greedy permit");
    }

    @Test
    void without_memory_nothing_is_admitted_until_enough_of_it_comes_back() {
        Limits limits = limits(10, 100);
        LaneAdmission first = admission("first", limits);
        LaneAdmission second = admission("second", limits);
        assertThat(first.tryAdmit(0, 60)).isEqualTo(Decision.ADMITTED);
        assertThat(first.tryAdmit(0, 30)).isEqualTo(Decision.ADMITTED);
        assertThat(second.tryAdmit(0, 50)).isEqualTo(Decision.NO_MEMORY);
        first.release(30);
        assertThat(granted).isEmpty();
        first.release(60);
        assertThat(granted).containsExactly("second memory");

        second.memoryGranted();
        assertThat(second.tryAdmit(0, 50)).isEqualTo(Decision.ADMITTED);
        assertThat(first.tryAdmit(0, 60)).isEqualTo(Decision.NO_MEMORY);
    }

    @Test
    void a_large_share_is_not_overtaken_by_small_ones() {
        Limits limits = limits(10, 100);
        LaneAdmission small = admission("small", limits);
        assertThat(small.tryAdmit(0, 50)).isEqualTo(Decision.ADMITTED);
        assertThat(admission("large", limits).tryAdmit(0, 100)).isEqualTo(Decision.NO_MEMORY);
        assertThat(small.tryAdmit(0, 1)).isEqualTo(Decision.NO_MEMORY);
        small.release(50);

        assertThat(granted).containsExactly("large memory");
    }

    @Test
    void a_permit_is_kept_for_what_waits_for_memory_and_memory_never_for_what_waits_for_a_permit() {
        Limits limits = limits(1, 100);
        LaneAdmission other = admission("other mapping", new Limits(new Permits(1), limits.memory()));
        assertThat(other.tryAdmit(0, 100)).isEqualTo(Decision.ADMITTED);
        LaneAdmission waiting = admission("waiting", limits);
        assertThat(waiting.tryAdmit(0, 100)).isEqualTo(Decision.NO_MEMORY);
        waiting.giveBackUnused();
        assertThat(admission("second", limits).tryAdmit(0, 1)).isEqualTo(Decision.NO_PERMIT);

        other.release(100);
        waiting.memoryGranted();
        assertThat(waiting.tryAdmit(0, 100)).isEqualTo(Decision.ADMITTED);
        waiting.release(100);
        assertThat(granted).containsExactly("waiting memory", "second permit");
    }

    @Test
    void what_was_granted_and_is_not_wanted_any_more_goes_back() {
        Limits limits = limits(1, 100);
        LaneAdmission other = admission("other mapping", new Limits(new Permits(1), limits.memory()));
        assertThat(other.tryAdmit(0, 100)).isEqualTo(Decision.ADMITTED);
        LaneAdmission stopped = admission("stopped", limits);
        assertThat(stopped.tryAdmit(0, 100)).isEqualTo(Decision.NO_MEMORY);
        other.release(100);
        stopped.memoryGranted();
        stopped.giveBackUnused();

        assertThat(admission("next", limits).tryAdmit(0, 100)).isEqualTo(Decision.ADMITTED);
    }

    @Test
    void a_share_that_comes_is_for_the_lane_that_asked_for_it() {
        Limits limits = limits(10, 100);
        LaneAdmission other = admission("other", limits);
        assertThat(other.tryAdmit(0, 50)).isEqualTo(Decision.ADMITTED);
        LaneAdmission shard = admission("shard", limits);
        assertThat(shard.tryAdmit(2, 100)).isEqualTo(Decision.NO_MEMORY);
        assertThat(shard.tryAdmit(1, 1)).isEqualTo(Decision.NO_MEMORY);
        other.release(50);

        assertThat(shard.memoryGranted()).isEqualTo(2);
    }

    @Test
    void a_permit_is_not_lost_when_asking_for_memory_fails() {
        Limits limits = limits(1, 100);
        LaneAdmission admission = admission("shard", limits);
        assertThatThrownBy(() -> admission.tryAdmit(0, 101)).isInstanceOf(IllegalArgumentException.class);
        admission.giveBackUnused();

        assertThat(limits.permits().tryAcquire(() -> {})).isTrue();
    }
}
