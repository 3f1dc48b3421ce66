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
        assertThat(firstSeedThatFinds(PlantedBugs.LANE_POSITION_IGNORES_THE_FACTOR, "it says finished of the pending"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_full_memory_that_counts_as_an_attempt() {
        assertThat(firstSeedThatFinds(
                        PlantedBugs.FULL_MEMORY_COUNTS_AS_AN_ATTEMPT, "the attempt's number should be 1 but is 2"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_an_acknowledgement_before_the_outcome() {
        assertThat(firstSeedThatFinds(PlantedBugs.ACKNOWLEDGED_BEFORE_THE_OUTCOME, "it says finished of the pending"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_child_before_its_parent() {
        assertThat(firstSeedThatFinds(PlantedBugs.CHILD_BEFORE_ITS_PARENT, "is not finished"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_child_beside_its_forgotten_parent() {
        assertThat(firstSeedThatFinds(PlantedBugs.CHILD_BESIDE_ITS_FORGOTTEN_PARENT, "is not finished"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_changes_that_are_made_on_what_runs() {
        assertThat(firstSeedThatFinds(PlantedBugs.CHANGES_ARE_MADE_ON_WHAT_RUNS, "an accepted change is lost"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_filters_that_want_json() {
        assertThat(firstSeedThatFinds(PlantedBugs.FILTERS_WANT_JSON, "the next records should be"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_retry_beside_a_stuck_handler() {
        assertThat(firstSeedThatFinds(PlantedBugs.RETRY_BESIDE_A_STUCK_HANDLER, "the lane is busy"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_state_one_batch_behind() {
        assertThat(firstSeedThatFinds(PlantedBugs.STATE_ONE_BATCH_BEHIND, "is saved, but it was"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_an_older_store_that_is_taken_as_it_is() {
        assertThat(firstSeedThatFinds(PlantedBugs.ANY_STORE_IS_TAKEN, "another row than was saved"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_lost_store_that_is_taken_for_a_new_one() {
        assertThat(firstSeedThatFinds(PlantedBugs.ANY_STORE_IS_TAKEN, "it begins anew, though there was one"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_watermark_at_the_highest() {
        assertThat(firstSeedThatFinds(PlantedBugs.WATERMARK_AT_THE_HIGHEST, "it says finished of the pending"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_members_that_are_read_before_owners() {
        assertThat(firstSeedThatFinds(PlantedBugs.MEMBERS_BEFORE_OWNERS, "works on it at the same time"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_heartbeat_that_does_not_notice_death() {
        assertThat(firstSeedThatFinds(PlantedBugs.HEARTBEAT_WITHOUT_ANSWER, "it is taken for dead"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_heartbeat_that_waits_for_handlers() {
        assertThat(firstSeedThatFinds(PlantedBugs.HEARTBEAT_BEHIND_HANDLERS, "it is taken for dead"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_release_before_the_drain() {
        assertThat(firstSeedThatFinds(PlantedBugs.RELEASED_BEFORE_IT_IS_DRAINED, "works on it at the same time"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_death_by_one_missed_look() {
        assertThat(firstSeedThatFinds(PlantedBugs.DEATH_BY_ONE_MISSED_LOOK, "it is taken for dead"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_an_epoch_that_is_not_raised() {
        assertThat(firstSeedThatFinds(PlantedBugs.EPOCH_IS_NOT_RAISED, "the watermark goes back"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_lane_that_writes_the_whole_row() {
        assertThat(firstSeedThatFinds(PlantedTransactionBugs.LANE_WRITES_THE_WHOLE_ROW, "is written twice"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_commits_that_are_not_fenced() {
        assertThat(firstSeedThatFinds(PlantedTransactionBugs.COMMITS_ARE_NOT_FENCED, "committed under an old epoch"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_commit_that_is_made_again() {
        assertThat(firstSeedThatFinds(PlantedTransactionBugs.FINISHED_IS_WRITTEN_AGAIN, "is written twice"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_commits_that_are_lost_and_count() {
        assertThat(firstSeedThatFinds(PlantedTransactionBugs.LOST_COMMITS_COUNT, "it says finished of the pending"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_fact_of_the_whole_shard() {
        assertThat(firstSeedThatFinds(PlantedTransactionBugs.FACT_OF_THE_WHOLE_SHARD, "another row than was saved"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_hand_over_that_is_forgotten_because_the_consumer_has_not_begun() {
        assertThat(firstSeedThatFinds(PlantedHandOverBugs.FORGOTTEN_BEFORE_THE_START, "still this is never delivered"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_release_while_the_consumer_begins() {
        assertThat(firstSeedThatFinds(PlantedHandOverBugs.RELEASED_BEFORE_THE_START, "works on it at the same time"))
                .isLessThanOrEqualTo(SEEDS);
    }

    @Test
    void finds_a_release_that_only_the_deadline_makes() {
        assertThat(firstSeedThatFinds(
                        PlantedHandOverBugs.RELEASED_AT_THE_DEADLINE_ONLY, "still this is never delivered"))
                .isLessThanOrEqualTo(SEEDS);
    }

    /** The first seed by which it is found for what it is: its other consequences may be seen before. */
    private int firstSeedThatFinds(Plant bug, String complaint) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            String found = Schedule.play(seed, bug, new Tally(), errors, false);
            if (found != null && found.lines().findFirst().orElse("").contains(complaint)) {
                System.out.println("Found with seed " + seed + ": "
                        + found.lines().findFirst().orElse(""));
                return seed;
            }
        }
        return Integer.MAX_VALUE;
    }
}
