package io.shardmill.poller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An oracle that finds nothing may be blind: here are bugs for it to find, each within 2,000 seeds. */
class PlantedBugsTest {

    private static final int SEEDS = 2_000;

    private final ErrorLog errors = new ErrorLog();

    @AfterEach
    void close() {
        errors.close();
    }

    @Test
    void finds_a_lane_position_that_ignores_the_factor() {
        assertThat(whatItFinds(PlantedBugs.LANE_POSITION_IGNORES_THE_FACTOR))
                .containsAnyOf("it says finished of the pending", "comes before", "should be");
    }

    @Test
    void finds_an_acknowledgement_before_the_outcome() {
        assertThat(whatItFinds(PlantedBugs.ACKNOWLEDGED_BEFORE_THE_OUTCOME))
                .containsAnyOf("it says finished of the pending", "the lane is busy", "in flight");
    }

    @Test
    void finds_a_child_before_its_parent() {
        assertThat(whatItFinds(PlantedBugs.CHILD_BEFORE_ITS_PARENT)).containsAnyOf("its parent", "comes before");
    }

    @Test
    void finds_a_retry_beside_a_stuck_handler() {
        assertThat(whatItFinds(PlantedBugs.RETRY_BESIDE_A_STUCK_HANDLER)).containsAnyOf("the lane is busy", "in flight");
    }

    @Test
    void finds_a_watermark_at_the_highest() {
        assertThat(whatItFinds(PlantedBugs.WATERMARK_AT_THE_HIGHEST))
                .containsAnyOf("it says finished of the pending");
    }

    private String whatItFinds(Plant bug) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            String found = Schedule.play(seed, bug, new Tally(), errors, false);
            if (found != null) {
                String first = found.lines().findFirst().orElse("");
                System.out.println("Found with seed " + seed + ": " + first);
                return first;
            }
        }
        throw new AssertionError("Not found within " + SEEDS + " seeds");
    }
}
