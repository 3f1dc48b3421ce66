package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.testkit.World;
import org.junit.jupiter.api.Test;

class AdoptionTest {

    private final World world = new World(1);

    @Test
    void a_renamed_mapping_goes_on_from_the_checkpoints_of_its_old_name() {
        deliver("1", "2");
        world.stream.put("3");
        world.begin(world.mapping("renamed"), new StartOptions(null, "orders"));
        world.time.settle();
        assertThat(world.function.digits()).containsExactly("12", "3");
    }

    @Test
    void a_mapping_with_checkpoints_of_its_own_adopts_none() {
        deliver("1");
        world.begin(world.mapping("renamed"), StartOptions.FROM_CHECKPOINTS);
        world.time.settle();
        world.stop();
        world.begin(world.mapping("renamed"), new StartOptions(null, "orders"));
        world.time.settle();
        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    @Test
    void checkpoints_to_adopt_that_are_not_there_leave_the_mapping_at_its_starting_position() {
        world.stream.put("1");
        world.begin(world.mapping(), new StartOptions(null, "never-was"));
        world.time.settle();
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void checkpoints_that_no_mapping_claims_are_named() {
        deliver("1");
        world.begin(world.mapping("renamed"), StartOptions.FROM_CHECKPOINTS);
        world.time.settle();
        assertThat(world.mappings().unclaimedCheckpoints())
                .singleElement()
                .satisfies(key -> assertThat(key.mapping()).isEqualTo("orders"));
    }

    private void deliver(String... texts) {
        for (String text : texts) {
            world.stream.put(text);
        }
        world.start(world.mapping()).stop();
    }
}
