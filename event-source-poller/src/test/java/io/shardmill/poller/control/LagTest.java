package io.shardmill.poller.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Result;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How far behind a mapping is, and what its lanes do. */
class LagTest {

    private static final int RECORDS = 99;
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final World world = new World(1);

    private @Nullable ShardStatus status() {
        CompletableFuture<MappingStatus> status = world.mappings().describe("orders");
        world.time.settle();
        return world.await(status).shards().get(0).consumer();
    }

    private ShardStatus consumed() {
        ShardStatus status = status();
        assertThat(status).isNotNull();
        return status;
    }

    private void put(int records) {
        for (int record = 0; record < records; record++) {
            world.stream.put("1");
        }
    }

    private void startAndSettle(Batching batching) {
        world.start(world.mapping().with(batching));
        world.time.settle();
    }

    @Test
    void records_that_a_batch_gathers_are_behind_and_wait() {
        put(RECORDS);
        startAndSettle(Batching.defaults().withBatchSize(RECORDS + 1).withWindow(WINDOW));
        world.advance(Duration.ofSeconds(7));

        assertThat(consumed().recordsBehind()).hasValue(RECORDS);
        assertThat(consumed().recordsWaiting()).isEqualTo(RECORDS);
        assertThat(consumed().caughtUp()).isFalse();
        assertThat(consumed().iteratorAgeMillis()).hasValue(7_000);
    }

    @Test
    void a_record_that_arrived_later_than_the_clock_says_has_no_age() {
        String shard = world.stream.shardIds().get(0);
        world.stream.put(shard, "key", "1".getBytes(UTF_8), VirtualTime.START + 60_000);
        startAndSettle(Batching.defaults().withBatchSize(2).withWindow(WINDOW));

        assertThat(consumed().recordsWaiting()).isEqualTo(1);
        assertThat(consumed().iteratorAgeMillis()).hasValue(0);
    }

    @Test
    void unread_records_are_behind_and_dont_wait() {
        world.stream.readLimit(10);
        world.function.takes(invocation -> 60_000);
        put(RECORDS);
        startAndSettle(Batching.defaults().withBatchSize(10));

        assertThat(consumed().recordsBehind()).hasValue(RECORDS);
        assertThat(consumed().recordsWaiting()).isEqualTo(10);
        assertThat(consumed().caughtUp()).isFalse();
    }

    @Test
    void a_shard_is_as_far_behind_as_its_reader_says() {
        world.stream.readLimit(10);
        world.function.takes(invocation -> 60_000);
        String shard = world.stream.shardIds().get(0);
        put(10);
        world.stream.put(shard, "key", "1".getBytes(UTF_8), VirtualTime.START + 7_000);
        startAndSettle(Batching.defaults().withBatchSize(10));

        assertThat(consumed().millisBehindLatest()).hasValue(7_000);
        world.stream.outage("throttled");
        world.advance(Duration.ofSeconds(61));
        assertThat(consumed().problem()).isEqualTo("throttled");
        assertThat(consumed().millisBehindLatest()).isEmpty();
    }

    @Test
    void nothing_is_left_when_all_is_finished() {
        put(RECORDS);
        startAndSettle(Batching.defaults());

        assertThat(consumed().recordsBehind()).hasValue(0);
        assertThat(consumed().recordsWaiting()).isZero();
        assertThat(consumed().caughtUp()).isTrue();
        assertThat(consumed().iteratorAgeMillis()).hasValue(0);
    }

    @Test
    void records_of_an_open_window_are_not_behind() {
        world.function.returnsState(invocation -> Answer.of(Result.success()).with("{}"));
        put(RECORDS);
        startAndSettle(Batching.defaults().withTumblingWindow(WINDOW));

        assertThat(consumed().window()).isNotNull();
        assertThat(consumed().recordsBehind()).hasValue(0);
    }

    @Test
    void a_shard_that_cant_be_read_doesnt_know_how_far_behind_it_is() {
        startAndSettle(Batching.defaults());
        world.stream.outage("throttled");
        put(RECORDS);
        world.time.settle();

        assertThat(consumed().problem()).isEqualTo("throttled");
        assertThat(consumed().recordsBehind()).isEmpty();
        assertThat(consumed().iteratorAgeMillis()).isEmpty();
        assertThat(consumed().caughtUp()).isFalse();
    }

    @Test
    void a_paused_shard_says_nothing() {
        startAndSettle(Batching.defaults());
        world.await(world.mappings().pause("orders"));
        put(RECORDS);

        assertThat(status()).isNull();
    }

    @Test
    void a_lane_says_since_when_it_invokes_which_request() {
        world.function.takes(invocation -> 60_000);
        startAndSettle(Batching.defaults());
        world.advance(Duration.ofSeconds(3));
        put(1);
        world.advance(Duration.ofSeconds(2));

        LaneStatus lane = consumed().lanes().get(0);
        assertThat(lane.activity()).isEqualTo(Activity.INVOKING);
        assertThat(lane.since())
                .isEqualTo(Instant.ofEpochMilli(VirtualTime.START).plusSeconds(3));
        assertThat(lane.requestId()).isNotNull();
    }
}
