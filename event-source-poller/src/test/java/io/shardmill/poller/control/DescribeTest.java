package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.monitoring.LastFailure;
import io.shardmill.poller.testkit.ForwardingMappingStore;
import io.shardmill.poller.testkit.ForwardingStore;
import io.shardmill.poller.testkit.TroubledStore;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescribeTest {

    private static CheckpointStoreException diskFull() {
        return new CheckpointStoreException("the disk is full", new IllegalStateException());
    }

    private MappingStatus described(World world) {
        return world.await(world.mappings().describe("orders"));
    }

    @Test
    void a_database_that_takes_no_checkpoints_is_the_mappings_problem_until_it_does() {
        TroubledStore store = new TroubledStore(new InMemoryCheckpointStore());
        World world = new World(1).with(store);
        world.start(world.mapping());
        assertThat(described(world).problem()).isNull();

        store.outage(diskFull());
        world.stream.put("1");
        world.advance(Duration.ofSeconds(30));
        assertThat(described(world).problem()).contains("can't be saved since", "the disk is full");

        store.outage(null);
        world.advance(Duration.ofSeconds(30));
        assertThat(described(world).problem()).isNull();
    }

    @Test
    void a_database_that_does_not_answer_leaves_the_shards_to_be_seen_as_they_were() {
        boolean[] down = {false};
        World world = new World(2).with(new ForwardingStore(new InMemoryCheckpointStore()) {
            @Override
            public List<CheckpointRow> load(MappingKey key) {
                if (down[0]) {
                    throw diskFull();
                }
                return super.load(key);
            }
        });
        world.start(world.mapping());
        assertThat(described(world).shards()).hasSize(2);

        down[0] = true;
        Instant since = world.time.instant();
        world.advance(Duration.ofMinutes(2));
        assertThat(described(world).shards()).hasSize(2);
        assertThat(described(world).problem()).contains("can't be read", "the disk is full");
        assertThat(described(world).storeFailingSince()).isBetween(since, since.plus(Duration.ofMinutes(1)));

        down[0] = false;
        world.advance(Duration.ofMinutes(1));
        assertThat(described(world).storeFailingSince()).isNull();
        assertThat(described(world).problem()).isNull();
        assertThat(described(world).asOf()).isAfter(since);
    }

    @Test
    void the_last_failure_of_a_mapping_stays_when_its_batch_was_given_up_and_when_others_succeed() {
        World world = new World(1);
        world.function.throwsOn("1");
        world.start(world.mapping()
                .with(FailureHandling.defaults().withMaximumRetryAttempts(1).withDestination("fake")));
        assertThat(described(world).lastFailure()).isNull();

        Instant begin = world.time.instant();
        world.stream.put("1");
        world.advance(Duration.ofMillis(100));
        LastFailure first = described(world).lastFailure();
        assertThat(first).isNotNull();
        assertThat(first.givenUp()).isFalse();
        assertThat(first.attempts()).isEqualTo(1);

        world.advance(Duration.ofMinutes(1));
        world.stream.put("2");
        world.advance(Duration.ofHours(1));
        LastFailure last = described(world).lastFailure();
        assertThat(last).isNotNull();
        assertThat(last.givenUp()).isTrue();
        assertThat(last.attempts()).isEqualTo(2);
        assertThat(last.error()).isEqualTo(first.error());
        assertThat(last.requestId()).isEqualTo(first.requestId());
        assertThat(last.time()).isBetween(begin, begin.plusSeconds(60));
    }

    @Test
    void a_batch_that_was_given_up_for_its_age_says_why_it_failed_before() {
        World world = new World(1);
        world.function.throwsOn("1");
        world.start(world.mapping().with(FailureHandling.defaults().withMaximumRecordAge(Duration.ofMinutes(1))));
        world.stream.put("1");
        world.advance(Duration.ofMinutes(5));

        LastFailure last = described(world).lastFailure();
        assertThat(last).isNotNull();
        assertThat(last.givenUp()).isTrue();
        assertThat(last.error()).contains("Exception");
    }

    @Test
    void an_idle_mapping_knows_within_seconds_that_the_database_is_away() {
        boolean[] down = {false};
        World world = new World(1)
                .with(new ForwardingMappingStore(new InMemoryMappingStore(new InMemoryCheckpointStore())) {
                    @Override
                    public List<StoredMapping> all(String namespace) {
                        if (down[0]) {
                            throw diskFull();
                        }
                        return super.all(namespace);
                    }
                });
        world.begin(world.mapping());
        world.mappings().startStored();
        world.advance(Duration.ofMinutes(10));
        down[0] = true;
        Instant since = world.time.instant();
        world.advance(Duration.ofSeconds(6));

        assertThat(described(world).storeFailingSince()).isBetween(since, world.time.instant());
    }
}
