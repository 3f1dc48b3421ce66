package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.interop.replicas.Audit.Findings;
import io.shardmill.kafka.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Replicas share a topic by its consumer groups, whatever happens to them, to the broker, the offsets or a topic. */
class KafkaReplicasIT {

    private static final String PLAIN = "deliver";
    private static final String TRANSACTIONAL = "once";
    private static final Findings NONE = new Findings(0, 0, 0, 0);

    /** A session and a lease together take 14 s at most; the rest is for machines that have other work. */
    private static final Duration NOTICED = Duration.ofSeconds(25);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static TopicFeed orders;
    private static TopicFeed renewed;
    private static Fleet fleet;

    private Findings plainBefore;
    private Findings transactionalBefore;

    @BeforeAll
    static void start() {
        orders = new TopicFeed("orders", 12);
        renewed = new TopicFeed("renewed", 3);
        fleet = new Fleet(
                folder,
                orders,
                List.of(PLAIN, TRANSACTIONAL),
                "--shardmill.mappings." + TRANSACTIONAL + ".transactional=true",
                "--shardmill.mappings.renewed.topic=renewed",
                "--shardmill.mappings.renewed.function=deliver");
    }

    @AfterAll
    static void stop() {
        fleet.close();
        renewed.close();
    }

    @BeforeEach
    void awaitCalm() {
        fleet.awaitCalm();
        plainBefore = fleet.audit(PLAIN).findings();
        transactionalBefore = fleet.audit(TRANSACTIONAL).findings();
    }

    private static List<ReplicaProcess> one() {
        return fleet.replicas().subList(0, 1);
    }

    private Findings plain() {
        return fleet.audit(PLAIN).findings().since(plainBefore);
    }

    private Findings transactional() {
        return fleet.audit(TRANSACTIONAL).findings().since(transactionalBefore);
    }

    private void awaitCalm(String told) {
        fleet.awaitCalm();
        System.out.println("KafkaReplicasIT " + told + "; plain " + plain() + "; transactional " + transactional());
    }

    private void assertInOrderAndOnceWhereTransactional() {
        assertThat(plain().outOfOrder()).isZero();
        assertThat(plain().overlaps()).isZero();
        assertThat(transactional()).isEqualTo(NONE);
    }

    @Test
    void partitions_of_one_that_is_killed_are_delivered_by_others_within_seconds() {
        TakeOver others = new TakeOver(fleet, one());
        one().forEach(fleet::kill);
        fleet.start();
        assertThat(others.await().slowest()).isLessThan(NOTICED);
        awaitCalm("kill -9: " + others);
        assertInOrderAndOnceWhereTransactional();
    }

    @Test
    void one_that_stood_still_longer_than_its_session_goes_on() {
        awaitCalm("SIGSTOP: " + Trouble.PAUSE.happen(fleet, one()));
        assertInOrderAndOnceWhereTransactional();
    }

    @Tag("long")
    @Test
    void a_restart_of_the_broker_is_survived() {
        TestBroker.shared().stop();
        TestBroker.shared().start();
        awaitCalm("restart of the broker");
        assertInOrderAndOnceWhereTransactional();
    }

    @Tag("long")
    @Test
    void a_rolling_restart_delivers_each_record_once() {
        List<String> told = new ArrayList<>();
        for (ReplicaProcess replica : fleet.replicas()) {
            told.add(Trouble.TERMINATE.happen(fleet, List.of(replica)));
            fleet.awaitBalanced();
        }
        awaitCalm("rolling restart: " + String.join(", ", told));
        assertThat(plain()).isEqualTo(NONE);
        assertThat(transactional()).isEqualTo(NONE);
    }

    @Tag("long")
    @Test
    void offsets_that_are_set_back_between_runs_bring_exactly_the_records_from_there_again() {
        fleet.replicas().forEach(fleet::terminate);
        long lastPlain = fleet.audit(PLAIN).lastDelivery();
        long lastTransactional = fleet.audit(TRANSACTIONAL).lastDelivery();
        // More than the records behind the offset: some were finished ahead of it.
        List<String> plainAgain = fleet.audit(PLAIN).deliveredFrom(orders.setBack("replicas." + PLAIN, 30));
        List<String> transactionalAgain =
                fleet.audit(TRANSACTIONAL).deliveredFrom(orders.setBack("replicas." + TRANSACTIONAL, 20));
        for (int i = 0; i < Fleet.REPLICAS; i++) {
            fleet.start();
        }

        awaitCalm("offsets set back by " + plainAgain.size() + " and " + transactionalAgain.size() + " records");
        assertThat(fleet.audit(PLAIN).repeatsAfter(lastPlain)).containsExactlyInAnyOrderElementsOf(plainAgain);
        assertThat(fleet.audit(TRANSACTIONAL).repeatsAfter(lastTransactional))
                .containsExactlyInAnyOrderElementsOf(transactionalAgain);
        assertThat(plain()).isEqualTo(new Findings(0, plainAgain.size(), 0, 0));
        assertThat(transactional()).isEqualTo(new Findings(0, transactionalAgain.size(), 0, 0));
    }

    @Test
    void all_records_of_a_topic_that_is_made_anew_are_delivered() {
        Audit audit = new Audit(fleet.database(), "renewed");
        putOfRenewed(1, 3);
        fleet.awaitThat("the topic is read", () -> assertThat(audit.missing(3)).isZero());
        renewed.makeAnew();
        putOfRenewed(4, 12);
        fleet.awaitThat(
                "the new one is read", () -> assertThat(audit.missing(12)).isZero());
        putOfRenewed(13, 14);
        fleet.awaitThat("it is read on", () -> assertThat(audit.missing(14)).isZero());
        awaitCalm("topic made anew: " + audit.deliveries() + " deliveries of " + 14 * Producer.KEYS + " records");
        assertInOrderAndOnceWhereTransactional();
    }

    private static void putOfRenewed(int from, int to) {
        for (int ordinal = from; ordinal <= to; ordinal++) {
            renewed.put(Producer.NAMES, String.valueOf(ordinal));
        }
    }
}
