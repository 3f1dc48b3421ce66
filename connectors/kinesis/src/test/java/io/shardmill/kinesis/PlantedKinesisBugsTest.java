package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.simulation.ErrorLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A simulation that finds nothing may be blind: here are bugs for it to find, each within 300 seeds. */
class PlantedKinesisBugsTest {

    private static final int SEEDS = 300;

    private final ErrorLog errors = new ErrorLog();

    @AfterEach
    void close() {
        errors.close();
    }

    @Test
    void finds_an_expired_iterator_that_begins_anew() {
        finds(PlantedKinesisBugs.EXPIRY_BEGINS_ANEW, "it is record 0, but");
    }

    @Test
    void finds_a_latest_that_is_not_pinned() {
        finds(PlantedKinesisBugs.LATEST_IS_NOT_PINNED, "was next");
    }

    @Test
    void finds_a_subscription_that_begins_anew() {
        finds(PlantedKinesisBugs.EACH_SUBSCRIPTION_BEGINS_ANEW, "was next");
    }

    @Test
    void finds_a_position_that_moves_before_the_page_is_here() {
        finds(PlantedKinesisBugs.POSITION_MOVES_BEFORE_THE_PAGE_IS_HERE, "was next");
    }

    @Test
    void finds_a_last_page_whose_records_are_lost() {
        finds(PlantedKinesisBugs.LAST_PAGE_HAS_NO_RECORDS, "is not finished");
    }

    @Test
    void finds_a_child_before_its_parent() {
        finds(PlantedKinesisBugs.CHILD_BEFORE_ITS_PARENT, "is not finished");
    }

    @Test
    void finds_a_lost_timer() {
        finds(PlantedKinesisBugs.TIMER_IS_LOST, "stuck");
    }

    @Test
    void finds_an_ignored_quota() {
        finds(PlantedKinesisBugs.QUOTA_IS_IGNORED, "ms again");
    }

    private void finds(KinesisPlant bug, String complaint) {
        assertThat(firstSeedThatFinds(bug, complaint)).isLessThanOrEqualTo(SEEDS);
    }

    /** The first seed by which it is found for what it is: its other consequences may be seen before. */
    private int firstSeedThatFinds(KinesisPlant bug, String complaint) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            String found = SimulatedKinesis.play(seed, bug, errors);
            if (found != null && found.lines().findFirst().orElse("").contains(complaint)) {
                System.out.println("Found with seed " + seed + ": "
                        + found.lines().findFirst().orElse(""));
                return seed;
            }
        }
        return Integer.MAX_VALUE;
    }
}
