package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.interop.replicas.Audit.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is lost, and the records of a key stay in order, whatever happens to replicas and to their way to the database. */
class ReplicasIT {

    /** A lease and a look at it take 8 s; the rest is for machines that have other work. */
    private static final Duration NOTICED = Duration.ofSeconds(20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static Fleet fleet;

    private Findings before;

    @BeforeAll
    static void start() {
        fleet = new Fleet(folder);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @BeforeEach
    void awaitCalm() {
        before = fleet.awaitCalm();
    }

    private static List<ReplicaProcess> one() {
        return fleet.replicas().subList(0, 1);
    }

    private Findings findings(String told) {
        Findings findings = fleet.awaitCalm().since(before);
        System.out.println("ReplicasIT " + told + "; " + findings);
        return findings;
    }

    private static void assertInOrder(Findings findings) {
        assertThat(findings.outOfOrder()).isZero();
        assertThat(findings.overlaps()).isZero();
    }

    private void happens(Trouble trouble) {
        assertInOrder(findings(trouble + ": " + trouble.happen(fleet, one())));
    }

    @Test
    void shards_of_one_that_is_killed_are_delivered_by_others_within_seconds() {
        TakeOver others = new TakeOver(fleet, one());
        one().forEach(fleet::kill);
        fleet.start();
        assertThat(others.await().slowest()).isLessThan(NOTICED);
        assertInOrder(findings("kill -9: " + others));
    }

    @Test
    void one_that_stood_still_longer_than_its_lease_goes_on() {
        happens(Trouble.PAUSE);
    }

    @Test
    void one_whose_packets_to_the_database_are_lost_is_replaced_and_comes_back() {
        happens(Trouble.PARTITION);
    }

    @Test
    void nobody_is_taken_for_dead_when_the_database_is_silent_for_all() {
        List<String> members = fleet.audit().members();
        happens(Trouble.DATABASE_OUTAGE);
        assertThat(fleet.audit().members()).hasSameElementsAs(members);
    }

    @Test
    void a_restart_of_the_database_is_survived() {
        happens(Trouble.DATABASE_RESTART);
    }

    @Test
    void a_rolling_restart_delivers_each_record_once() {
        List<String> told = new ArrayList<>();
        for (ReplicaProcess replica : fleet.replicas()) {
            told.add(Trouble.TERMINATE.happen(fleet, List.of(replica)));
            fleet.awaitBalanced();
        }
        assertThat(findings("rolling restart: " + String.join(", ", told))).isEqualTo(new Findings(0, 0, 0, 0));
    }
}
