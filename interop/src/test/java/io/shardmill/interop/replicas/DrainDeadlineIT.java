package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.interop.replicas.Audit.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Replicas stop, one after the other, while their handlers take almost as long as a stop waits for them, or longer. */
class DrainDeadlineIT {

    /** Of which nine tenths are for handlers. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(6);

    private static final Duration NEAR = Duration.ofSeconds(4);
    private static final Duration BEYOND = Duration.ofSeconds(9);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = new Fleet(folder, "--shardmill.shutdown-timeout=" + SHUTDOWN.toSeconds() + "s");
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private static Findings findings(long leftBehind, Findings before) {
        fleet.handlers().take(Duration.ofMillis(20));
        Findings findings = fleet.awaitCalm().since(before);
        System.out.println("DrainDeadlineIT " + leftBehind + " invocations were left behind; " + findings);
        return findings;
    }

    /** Stops one and starts another in its place; returns how many invocations it says that it has left behind. */
    private static long replace(ReplicaProcess replica) {
        fleet.terminate(replica);
        fleet.start();
        return replica.console()
                .lines()
                .filter(line -> line.contains("The stop leaves behind"))
                .mapToLong(line -> Pattern.compile("lane \\d+ INVOKING")
                        .matcher(line)
                        .results()
                        .count())
                .sum();
    }

    @Tag("long")
    @Test
    void handlers_that_end_before_the_deadline_are_waited_for_and_nothing_is_delivered_twice() {
        Findings before = fleet.awaitCalm();
        fleet.handlers().take(NEAR);
        long leftBehind = 0;
        for (ReplicaProcess replica : fleet.replicas()) {
            leftBehind += replace(replica);
            fleet.awaitBalanced();
        }

        assertThat(findings(leftBehind, before)).isEqualTo(new Findings(0, 0, 0, 0));
        assertThat(leftBehind).isZero();
    }

    @Tag("long")
    @Test
    void handlers_that_end_after_the_deadline_are_left_behind_and_only_their_batches_come_again() {
        Findings before = fleet.awaitCalm();
        fleet.handlers().take(BEYOND);
        ReplicaProcess replica = fleet.replicas().get(0);
        long last = fleet.audit().lastDelivery();
        fleet.awaitThat(
                "it is at work",
                () -> assertThat(fleet.audit().deliveries(replica.name(), last)).isPositive());
        long leftBehind = replace(replica);

        Findings findings = findings(leftBehind, before);
        assertThat(leftBehind).isPositive();
        assertThat(fleet.audit().repeatedInvocations(replica.name())).isEqualTo(leftBehind);
        assertThat(findings.duplicates()).isEqualTo(fleet.audit().repeatedRecords(replica.name()));
        assertThat(findings.overlaps()).isZero();
    }
}
