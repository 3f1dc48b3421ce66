package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shardmill.poller.simulation.ErrorLog;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random lives of mappings that read Kinesis, each from its seed alone. {@code -Dsimulation.seeds=100000} plays
 * more of them, {@code -Dsimulation.first=5000} others, and {@code -Dsimulation.seed=4711} only one.
 */
class KinesisSimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 2_000);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void whatever_happens_each_record_is_delivered_in_order_and_once_in_a_life() {
        Long only = Long.getLong("simulation.seed");
        long first = only == null ? FIRST : only;
        long last = only == null ? FIRST + SEEDS - 1 : only;
        try (ErrorLog errors = new ErrorLog()) {
            for (long seed = first; seed <= last; seed++) {
                String wrong = SimulatedKinesis.play(seed, KinesisPlant.NONE, errors);
                if (wrong != null) {
                    fail("Seed " + seed + ", to be seen again with -Dsimulation.seed=" + seed
                            + " -Dtest=KinesisSimulationTest: " + wrong);
                }
            }
        }
    }

    @Test
    void the_schedules_are_not_tame() {
        Map<String, Integer> counts = new TreeMap<>();
        try (ErrorLog errors = new ErrorLog()) {
            for (long seed = FIRST; seed < FIRST + 100; seed++) {
                SimulatedKinesis.count(seed).forEach((what, times) -> counts.merge(what, times, Integer::sum));
            }
            assertThat(errors.take()).isNull();
        }
        assertThat(counts)
                .containsOnlyKeys(
                        "crashes",
                        "creations",
                        "cuts",
                        "denials",
                        "empty pages",
                        "expiries",
                        "faults",
                        "merges",
                        "short pages",
                        "splits",
                        "stops",
                        "subscriptions",
                        "throttles",
                        "timeouts")
                .allSatisfy((what, times) -> assertThat(times).as(what).isGreaterThan(5));
    }

    @Test
    void a_seed_is_all_that_a_schedule_depends_on() {
        try (ErrorLog errors = new ErrorLog()) {
            for (long seed = FIRST; seed < FIRST + 50; seed++) {
                assertThat(SimulatedKinesis.tell(seed)).isEqualTo(SimulatedKinesis.tell(seed));
            }
            assertThat(errors.take()).isNull();
        }
    }
}
