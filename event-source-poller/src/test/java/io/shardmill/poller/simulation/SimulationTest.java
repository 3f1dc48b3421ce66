package io.shardmill.poller.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Thousands of random lives of an engine, each from its seed alone. {@code -Dsimulation.seeds=100000} plays
 * more of them, {@code -Dsimulation.first=5000} others, and {@code -Dsimulation.seed=4711} only one, with all
 * its details.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 3_000);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void whatever_happens_nothing_is_lost_reordered_doubled_at_once_or_checkpointed_too_early() {
        Long only = Long.getLong("simulation.seed");
        Tally tally = new Tally();
        try (ErrorLog errors = new ErrorLog()) {
            if (only != null) {
                play(only, tally, errors, true);
                return;
            }
            for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
                play(seed, tally, errors, false);
            }
        }
        System.out.println("Seeds " + FIRST + " to " + (FIRST + SEEDS - 1) + ": " + tally);
    }

    private static void play(long seed, Tally tally, ErrorLog errors, boolean detailed) {
        String wrong = Schedule.play(seed, Plant.NONE, tally, errors, detailed);
        if (wrong != null) {
            fail("Seed " + seed + ", to be seen again in detail with -Dsimulation.seed=" + seed
                    + " -Dtest=SimulationTest: " + wrong);
        }
    }

    @Test
    void the_schedules_are_not_tame() {
        Tally tally = new Tally();
        try (ErrorLog errors = new ErrorLog()) {
            for (long seed = FIRST; seed < FIRST + 300; seed++) {
                play(seed, tally, errors, false);
            }
        }
        for (String what : Tally.EVERYTHING) {
            assertThat(tally.of(what)).as(what).isGreaterThan(5);
        }
    }

    @Test
    void a_seed_is_all_that_a_schedule_depends_on() {
        try (ErrorLog errors = new ErrorLog()) {
            for (long seed = FIRST; seed < FIRST + 100; seed++) {
                assertThat(Schedule.tell(seed, errors)).isEqualTo(Schedule.tell(seed, errors));
            }
        }
    }
}
