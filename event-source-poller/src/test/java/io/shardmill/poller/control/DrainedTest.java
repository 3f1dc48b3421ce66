package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.testkit.ForwardingReader;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waiting until all of a stream is finished and saved. */
class DrainedTest {

    private static final String FIRST = "shardId-000000000000";

    private final World world = new World(1);

    private CompletableFuture<Void> drained() {
        return world.mappings().drained("orders");
    }

    @Test
    void is_done_when_the_last_record_is_acknowledged_and_saved() {
        world.function.takes(invocation -> 10); // the second save has to wait for its interval
        world.stream.put("1");
        world.stream.put("2");
        world.start(world.mapping().with(Batching.defaults().withBatchSize(1)));
        CompletableFuture<Void> drained = drained();
        world.advance(Duration.ofMillis(19));
        assertThat(drained).isNotDone();

        world.await(drained);
        assertThat(world.row(FIRST).progress().watermark())
                .isEqualTo(world.stream.records(FIRST).get(1).sequenceNumber());
    }

    @Test
    void waits_for_a_read_that_is_still_under_way() {
        world.stream.put("1");
        world.with(new SlowStream()).start(world.mapping());
        CompletableFuture<Void> drained = drained();
        world.advance(Duration.ofMillis(99));
        assertThat(drained).isNotDone();

        world.await(drained);
        assertThat(world.function.digits()).containsExactly("1");
    }

    /** A stream whose every read takes 100 ms. */
    private final class SlowStream extends ForwardingSource {

        SlowStream() {
            super(world.stream);
        }

        @Override
        public ShardReader open(String shardId, Position from, Runnable wake) {
            return new ForwardingReader(super.open(shardId, from, wake)) {
                private boolean fetched;

                @Override
                public ReadResult read(int maxRecords, int maxBytes) {
                    if (fetched) {
                        fetched = false;
                        return super.read(maxRecords, maxBytes);
                    }
                    world.time.after(100, () -> {
                        fetched = true;
                        wake.run();
                    });
                    return new ReadResult.Nothing(false);
                }
            };
        }
    }

    @Test
    void is_done_at_once_when_there_is_nothing() {
        world.start(world.mapping());
        CompletableFuture<Void> drained = drained();
        world.time.settle();

        assertThat(drained).isCompleted();
    }

    @Test
    void waits_for_what_was_put_just_before_it_was_asked_for() {
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        world.stream.put("1");
        world.await(drained());

        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void waits_for_children_that_begin_meanwhile() {
        world.stream.put("1");
        List<String> children = world.stream.split(FIRST);
        world.stream.put(children.get(0), "2", "2");
        world.stream.put(world.stream.split(children.get(0)).get(1), "3", "3");
        world.function.takes(invocation -> 500);
        world.start(world.mapping());
        world.await(drained());

        assertThat(world.function.digits()).containsExactly("1", "2", "3");
        assertThat(world.function.running()).isEmpty();
    }

    @Test
    void what_a_destination_took_is_finished_too() {
        world.function.throwsOn("1");
        world.stream.put("1");
        world.start(world.mapping()
                .with(FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("fake")));
        world.await(drained());

        assertThat(world.destination.digits()).containsExactly("1");
    }

    @Test
    void waits_while_a_batch_fails() {
        world.function.throwsOn("1");
        world.stream.put("1");
        world.start(world.mapping());
        CompletableFuture<Void> drained = drained();
        world.advance(Duration.ofHours(1));
        assertThat(drained).isNotDone();

        world.function.throwsOn();
        world.advance(Duration.ofMinutes(1));
        assertThat(drained).isCompleted();
    }

    @Test
    void waits_while_the_mapping_is_paused() {
        world.start(world.mapping());
        world.await(world.mappings().pause("orders"));
        world.stream.put("1");
        CompletableFuture<Void> drained = drained();
        world.advance(Duration.ofMinutes(1));
        assertThat(drained).isNotDone();

        world.mappings().resume("orders");
        world.await(drained);
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void waits_through_an_update() {
        world.function.takes(invocation -> 1_000);
        for (String digit : List.of("1", "2", "3")) {
            world.stream.put(digit);
        }
        world.start(world.mapping().with(Batching.defaults().withBatchSize(1)));
        CompletableFuture<Void> drained = drained();
        world.advance(Duration.ofMillis(500));
        world.mappings().update(world.mapping());
        world.await(drained);

        assertThat(world.function.digits()).containsExactly("1", "23");
    }

    @Test
    void waits_while_the_stream_cannot_be_read() {
        world.start(world.mapping());
        world.stream.put("1");
        world.stream.outage("throttled");
        CompletableFuture<Void> drained = drained();
        world.advance(Duration.ofMinutes(1));
        assertThat(drained).isNotDone();

        world.stream.outage(null);
        world.await(drained);
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void one_that_is_cancelled_leaves_others_alone() {
        world.function.takes(invocation -> 1_000);
        world.stream.put("1");
        world.start(world.mapping());
        CompletableFuture<Void> cancelled = drained();
        CompletableFuture<Void> other = drained();
        world.time.settle();
        cancelled.cancel(false);
        world.await(other);

        assertThat(world.function.digits()).containsExactly("1");
    }
}
