package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import io.shardmill.poller.testkit.TroubledStore;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckpointWriterTest {

    private static final MappingKey KEY = new MappingKey("test", "orders", "orders", "incarnation");
    private static final CheckpointWriter.Pace PACE = new CheckpointWriter.Pace(100, 10_000);

    private final VirtualTime time = new VirtualTime();
    private final TroubledStore store = new TroubledStore(new InMemoryCheckpointStore());
    private final CheckpointWriter writer = new CheckpointWriter(store, PACE, time, time, time);

    /** A shard that takes over its row and records what the writer reports. */
    private final class Told implements CheckpointWriter.Listener {

        private final String id;
        private final long epoch;
        private final List<Long> saved = new ArrayList<>();
        private int lost;

        Told(String id) {
            this.id = id;
            store.create(KEY, List.of(CheckpointRow.begin(id, ShardState.READING, Position.trimHorizon(), List.of())));
            this.epoch = Takes.take(store, KEY, id, "me").epoch();
        }

        void finish(long number) {
            finish(number, writer);
        }

        void finish(long number, CheckpointWriter writer) {
            Progress progress = new Progress(SequenceNumber.of(number), List.of(), List.of());
            writer.offer(this, new CheckpointUpdate(KEY, id, "me", epoch, ShardState.READING, progress));
        }

        @Override
        public void saved(CheckpointUpdate update) {
            saved.add(update.progress().watermark().lowBits());
        }

        @Override
        public void lost() {
            lost++;
        }
    }

    @Test
    void the_first_change_is_saved_at_once() {
        Told shard = new Told("a");
        shard.finish(1);
        time.settle();

        assertThat(shard.saved).containsExactly(1L);
    }

    @Test
    void further_changes_are_gathered_to_one_save_an_interval_and_only_the_newest_of_a_shard_is_written() {
        Told shard = new Told("a");
        for (int number = 1; number <= 100; number++) {
            shard.finish(number);
            time.advance(Duration.ofMillis(10));
        }
        time.advance(Duration.ofSeconds(1));

        assertThat(store.saves()).isLessThanOrEqualTo(11);
        assertThat(shard.saved.get(0)).isEqualTo(1);
        assertThat(shard.saved.get(shard.saved.size() - 1)).isEqualTo(100);
        assertThat(shard.saved).isSorted();
    }

    @Test
    void however_many_shards_there_are_one_save_writes_them_all() {
        List<Told> shards = IntStream.range(0, 1_000)
                .mapToObj(number -> new Told("shard " + number))
                .toList();
        for (int number = 1; number <= 10; number++) {
            for (Told shard : shards) {
                shard.finish(number);
            }
            time.advance(Duration.ofMillis(50));
        }
        time.advance(Duration.ofSeconds(1));

        assertThat(store.saves()).isLessThanOrEqualTo(6);
        assertThat(shards).allSatisfy(shard -> assertThat(shard.saved).endsWith(10L));
    }

    @Test
    void nothing_is_saved_when_nothing_changes() {
        new Told("a").finish(1);
        time.advance(Duration.ofHours(1));

        assertThat(store.saves()).isEqualTo(1);
    }

    @Test
    void an_outage_keeps_the_newest_states_stalls_after_the_patience_and_recovers() {
        Told shard = new Told("a");
        store.outage(new CheckpointStoreException("unreachable", new IllegalStateException()));
        shard.finish(1);
        time.settle();
        shard.finish(2);
        time.advance(Duration.ofMillis(9_999));
        assertThat(writer.isStalled()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(writer.isStalled()).isTrue();
        assertThat(shard.saved).isEmpty();

        store.outage(null);
        time.advance(Duration.ofMillis(500));
        assertThat(writer.isStalled()).isFalse();
        assertThat(shard.saved).containsExactly(2L);
    }

    @Test
    void an_outage_can_be_asked_for_with_its_beginning_and_its_reason() {
        Told shard = new Told("a");
        assertThat(writer.saveFailure()).isNull();
        store.outage(new CheckpointStoreException("unreachable", new IllegalStateException()));
        Instant begin = time.instant();
        shard.finish(1);
        time.advance(Duration.ofSeconds(2));
        assertThat(writer.saveFailure()).isEqualTo(new CheckpointWriter.SaveFailure(begin, "unreachable"));
        store.outage(null);
        time.advance(Duration.ofSeconds(1));

        assertThat(writer.saveFailure()).isNull();
    }

    @Test
    void a_save_that_fails_after_the_engine_has_closed_its_timer_is_given_up_quietly() {
        EngineTimer closed = (millis, task) -> {
            throw new RejectedExecutionException("closed");
        };
        CheckpointWriter last = new CheckpointWriter(store, PACE, time, closed, time);
        store.outage(new CheckpointStoreException("unreachable", new IllegalStateException()));
        new Told("a").finish(1, last);
        last.saveNow();

        assertThatCode(time::settle).doesNotThrowAnyException();
    }

    @Test
    void whatever_the_store_throws_is_an_outage() {
        Told shard = new Told("a");
        store.outage(new AssertionError("broken"));
        shard.finish(1);
        time.advance(Duration.ofSeconds(1));
        store.outage(null);
        time.advance(Duration.ofSeconds(1));

        assertThat(shard.saved).containsExactly(1L);
    }

    @Test
    void a_save_for_which_there_is_no_memory_is_scheduled_by_the_next_change() {
        Told shard = new Told("a");
        time.failPoolOnce(full());
        assertThatThrownBy(() -> shard.finish(1)).isInstanceOf(OutOfMemoryError.class);
        shard.finish(2);
        time.settle();
        time.failTimerOnce(full());
        assertThatThrownBy(() -> shard.finish(3)).isInstanceOf(OutOfMemoryError.class);
        shard.finish(4);
        time.advance(Duration.ofSeconds(1));

        assertThat(shard.saved).containsExactly(2L, 4L);
    }

    @Test
    void a_save_for_which_there_is_no_memory_when_it_is_due_is_scheduled_by_the_next_change() {
        Told shard = new Told("a");
        shard.finish(1);
        time.settle();
        shard.finish(2);
        time.failPoolOnce(full());
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(1))).isInstanceOf(OutOfMemoryError.class);
        shard.finish(3);
        time.settle();

        assertThat(shard.saved).containsExactly(1L, 3L);
    }

    @Test
    void a_save_that_was_not_scheduled_is_when_a_shard_finds_it_overdue() {
        Told shard = new Told("a");
        time.failPoolOnce(full());
        assertThatThrownBy(() -> shard.finish(1)).isInstanceOf(OutOfMemoryError.class);
        time.advance(Duration.ofMillis(PACE.patienceMillis()));
        assertThat(writer.isStalled()).isTrue();
        writer.schedule();
        time.settle();

        assertThat(writer.isStalled()).isFalse();
        assertThat(shard.saved).containsExactly(1L);
    }

    private static OutOfMemoryError full() {
        return new OutOfMemoryError("thrown by a test");
    }

    @Test
    void a_save_that_hangs_stalls_as_one_that_fails() {
        List<Runnable> hanging = new ArrayList<>();
        Executor hangs = hanging::add;
        CheckpointWriter stuck = new CheckpointWriter(store, PACE, time, time, hangs);
        Told shard = new Told("a");
        shard.finish(1, stuck);
        time.advance(Duration.ofMillis(9_999));
        assertThat(stuck.isStalled()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(stuck.isStalled()).isTrue();
        assertThat(stuck.saveFailure().reason()).contains("does not answer");

        hanging.get(0).run();
        assertThat(stuck.isStalled()).isFalse();
    }

    @Test
    void it_is_never_stalled_for_want_of_work() {
        new Told("a").finish(1);
        time.advance(Duration.ofHours(1));
        assertThat(writer.isStalled()).isFalse();
        new Told("b").finish(1);

        assertThat(writer.isStalled()).isFalse();
    }

    @Test
    void a_shard_somebody_else_has_is_told_and_the_others_are_saved() {
        Told mine = new Told("a");
        Told taken = new Told("b");
        Takes.take(store, KEY, "b", "another");
        mine.finish(1);
        taken.finish(1);
        time.settle();

        assertThat(taken.lost).isEqualTo(1);
        assertThat(taken.saved).isEmpty();
        assertThat(mine.lost).isZero();
        assertThat(mine.saved).containsExactly(1L);
    }

    @Test
    void the_last_words_are_saved_without_waiting_for_the_interval() {
        Told shard = new Told("a");
        shard.finish(1);
        time.settle();
        shard.finish(2);
        writer.saveNow();
        time.settle();

        assertThat(shard.saved).containsExactly(1L, 2L);
    }
}
