package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.interop.replicas.Audit.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A process stands still where a transaction has the lock of its shard, and is not committed. */
class HeldCommitIT {

    /** A lease, a lock of the same length and a look take 14 s at most; the rest is for machines that have other work. */
    private static final Duration TAKEN = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_lock_that_is_held_before_the_commit_ends_and_nothing_is_written_twice() {
        try (Fleet fleet = new Fleet(folder, "--shardmill.mappings.deliver.transactional=true")) {
            fleet.awaitCalm();
            ReplicaProcess victim = fleet.replicas().get(0);
            fleet.handlers().hold(victim);
            fleet.awaitThat(
                    "a commit is held",
                    () -> assertThat(fleet.handlers().isHeld(victim)).isTrue());
            String shard = fleet.handlers().heldShard(victim);
            victim.standStill();
            assertThat(fleet.audit().isLocked(shard)).isTrue();

            TakeOver others = new TakeOver(fleet, List.of(victim));
            assertThat(others.shards()).contains(shard);
            assertThat(others.await().slowest()).isLessThan(TAKEN);
            fleet.handlers().letGo(victim);
            victim.goOn();

            assertThat(fleet.awaitCalm()).isEqualTo(new Findings(0, 0, 0, 0));
            System.out.println("HeldCommitIT " + others + "; " + fleet.awaitDelivered());
        }
    }
}
