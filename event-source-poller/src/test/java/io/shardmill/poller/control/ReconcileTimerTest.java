package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconcileTimerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private int passes;
    private final ReconcileTimer timer = new ReconcileTimer(ports(), Runnable::run, () -> passes++);

    private EnginePorts ports() {
        CheckpointWriter.Pace pace = new CheckpointWriter.Pace(100, 10_000);
        CheckpointWriter writer = new CheckpointWriter(new InMemoryCheckpointStore(), pace, time, time, time);
        return new EnginePorts(time, time, time, () -> false, () -> "request", writer, owner -> true);
    }

    @Test
    void the_earliest_time_counts() {
        timer.after(2_000);
        timer.after(500);
        timer.after(1_000);
        time.advance(SECOND);
        assertThat(passes).isEqualTo(1);
        time.advance(SECOND);

        assertThat(passes).isEqualTo(1);
    }

    @Test
    void a_time_that_the_timer_did_not_take_is_in_the_way_of_no_other() {
        time.failTimerOnce(new OutOfMemoryError("thrown by a test"));
        assertThatThrownBy(() -> timer.after(500)).isInstanceOf(OutOfMemoryError.class);
        timer.after(1_000);
        time.advance(SECOND);

        assertThat(passes).isEqualTo(1);
    }
}
