package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.ExpiringStream;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Parallelism, shards, checkpoints": cases 95 to 98 and 100. */
class PositionsTest {

    private static final String SHARD = "shardId-000000000000";

    private final World world = new World(1);

    private void put(String... texts) {
        for (String text : texts) {
            world.stream.put(text);
        }
    }

    @Test
    void case_95_an_iterator_that_expires_during_retries_is_renewed_after_the_last_read_record() {
        ExpiringStream expiring = new ExpiringStream(world.stream, world.time, Duration.ofMinutes(5));
        world.function.throwsOn("1");
        put("1", "2", "3");
        world.with(expiring).start(world.mapping().with(Batching.defaults().withBatchSize(1)));
        world.advance(Duration.ofMinutes(10));
        assertThat(world.function.digits()).containsOnly("1");

        int failed = world.function.deliveries().size();
        world.function.throwsOn();
        world.advance(Duration.ofMinutes(2));
        assertThat(world.function.digits().subList(failed, failed + 3)).containsExactly("1", "2", "3");
        assertThat(world.function.deliveries()).hasSize(failed + 3);
        assertThat(expiring.renewals()).isEqualTo(1);
    }

    @Test
    void case_96_what_succeeded_but_was_not_saved_before_the_process_died_is_delivered_again() {
        put("1");
        world.begin(world.mapping());
        while (world.function.deliveries().isEmpty()) {
            world.time.step(world.time.millis());
        }
        world.time.step(world.time.millis()); // the function returns; its success is not yet saved
        world.crash();
        world.start(world.mapping());

        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    @Test
    void case_96_what_is_saved_is_not_delivered_again() {
        put("1");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        world.crash();
        put("2");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void case_97_a_checkpoint_older_than_retention_goes_on_at_the_trim_horizon_without_a_document() {
        put("1");
        world.start(world.mapping()).advance(Duration.ofSeconds(1));
        world.stop();
        put("2", "3", "4");
        world.stream.trim(SHARD, 3);
        world.start(world.mapping().with(FailureHandling.defaults().withDestination("fake")))
                .advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "4");
        assertThat(world.destination.batches()).isEmpty();
        Record last = world.stream.records(SHARD).get(3);
        assertThat(world.row(SHARD).progress().watermark()).isEqualTo(last.sequenceNumber());
    }

    @Test
    void case_98_AT_TIMESTAMP_begins_with_the_first_record_that_arrived_at_or_after_the_time() {
        put("1");
        world.advance(Duration.ofSeconds(10));
        Instant from = world.time.instant();
        put("2");
        world.advance(Duration.ofSeconds(10));
        put("3");
        world.start(world.mapping().with(new StartingPosition.AtTimestamp(from)));

        assertThat(world.function.digits()).containsExactly("23");
    }

    @Test
    void case_98_AT_TIMESTAMP_does_not_read_shards_that_closed_before_the_time() {
        put("1");
        String child = world.stream.split(SHARD).get(0);
        world.advance(Duration.ofSeconds(10));
        Instant from = world.time.instant();
        world.stream.put(child, "2", "2");
        world.start(world.mapping().with(new StartingPosition.AtTimestamp(from)));

        assertThat(world.function.digits()).containsExactly("2");
    }

    @Test
    void case_100_an_update_keeps_the_position() {
        put("1", "2");
        world.start(world.mapping().with(Batching.defaults().withBatchSize(2))).advance(Duration.ofSeconds(1));
        world.await(
                world.mappings().update(world.mapping().with(Batching.defaults().withBatchSize(1))));
        put("3", "4");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("12", "3", "4");
    }

    @Test
    void case_99_a_stream_that_may_not_be_read_for_a_while_leaves_the_mapping_enabled_and_costs_no_attempt() {
        var once = FailureHandling.defaults().withMaximumRetryAttempts(0).withDestination("fake");
        world.stream.put("1");
        world.start(world.mapping().with(once)).advance(Duration.ofSeconds(1));
        world.stream.outage("Cannot access stream orders");
        world.stream.put("2");
        world.stream.put("3");
        world.advance(Duration.ofMinutes(10));
        MappingStatus meanwhile = world.await(world.mappings().describe("orders"));
        assertThat(meanwhile.state()).isEqualTo(MappingStatus.State.ENABLED);
        assertThat(meanwhile.problem()).contains("Cannot access stream orders");

        world.stream.outage(null);
        world.advance(Duration.ofMinutes(1));
        assertThat(world.function.digits()).containsExactly("1", "23");
        assertThat(world.destination.batches()).isEmpty();
    }
}
