package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.interop.replicas.Audit.Findings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What functions write in transactions is there once. The stream is read by enhanced fan-out. {@code -Dreplicas.minutes} makes it
 * longer, and {@code -Dreplicas.transactional=false} is for functions without transactions.
 */
class RandomTroublesIT {

    private static final Duration TIME = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void effects_are_there_once_and_in_order_whatever_happens() {
        boolean isTransactional = !"false".equals(System.getProperty("replicas.transactional"));
        try (Fleet fleet = new Fleet(
                folder,
                "--shardmill.streams.orders.consumer=replicas",
                "--shardmill.mappings.deliver.transactional=" + isTransactional)) {
            Findings findings = new RandomTroubles(fleet, "RandomTroublesIT").happen(TIME);
            assertThat(findings.outOfOrder()).isZero();
            assertThat(findings.overlaps()).isZero();
            if (isTransactional) {
                assertThat(findings.duplicates()).isZero();
                assertThat(findings.late()).isZero();
            }
        }
    }
}
