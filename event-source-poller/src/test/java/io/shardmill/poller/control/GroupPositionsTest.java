package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.FakeGroup;
import io.shardmill.poller.testkit.FakeGroupTopic;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a mapping makes of the positions of the group that assigns its shards. */
class GroupPositionsTest {

    private final World world = World.ofTopic();
    private final FakeGroup group = new FakeGroup(
            world.stream, world.time, new Random(1), new FakeGroup.Watcher() {}, new FakeGroup.Habits() {});
    private final String shard = world.stream.shardIds().get(0);

    @BeforeEach
    void readInTheGroup() {
        world.with(new FakeGroupTopic(group, "process", world.time));
    }

    private void put(String digits) {
        digits.chars().forEach(digit -> world.stream.put(shard, "key", Character.toString(digit)));
    }

    private void pass() {
        world.advance(Duration.ofSeconds(30));
    }

    @Test
    void a_replay_wins_over_a_position_that_was_set_before_it() {
        put("12345");
        assertThat(group.reset(shard, 3)).isTrue();
        world.begin(world.mapping());
        CompletableFuture<Void> replay = world.mappings().replay("orders", new Replay.FromTrimHorizon());
        pass();

        assertThat(replay).isCompleted();
        assertThat(world.function.digits()).containsExactly("12345");
    }

    @Test
    void a_position_that_is_set_after_a_replay_wins_over_it() {
        put("12345");
        world.start(world.mapping());
        pass();
        world.await(world.mappings().replay("orders", new Replay.FromTrimHorizon()));
        pass();
        world.stop();
        assertThat(group.reset(shard, 3)).isTrue();
        world.start(world.mapping());
        pass();

        assertThat(world.function.digits()).containsExactly("12345", "12345", "45");
    }

    @Test
    void a_mapping_that_is_deleted_and_created_again_goes_on_at_the_groups_position() {
        EventSourceMapping latest = world.mapping().with(new StartingPosition.Latest());
        put("123");
        world.start();
        world.mappings().create(world.mapping(), true);
        pass();
        world.mappings().delete("orders");
        pass();
        put("45");
        world.mappings().create(latest, true);
        pass();

        assertThat(world.function.digits()).containsExactly("123", "45");
    }
}
