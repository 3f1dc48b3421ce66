package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;

class FailingPartitionsTest {

    private final KafkaException failure = new KafkaException("bad");
    private final FailingPartitions partitions = new FailingPartitions("group");
    private final Set<TopicPartition> wanted =
            IntStream.range(0, 1_000).mapToObj(FailingPartitionsTest::partition).collect(Collectors.toSet());

    private static TopicPartition partition(int number) {
        return new TopicPartition("orders", number);
    }

    /** Polls once, and quietly; returns what could have been brought. */
    private Set<TopicPartition> poll(Set<TopicPartition> bad) {
        Set<TopicPartition> polled = Set.copyOf(partitions.choose(wanted, wanted));
        if (polled.stream().anyMatch(bad::contains)) {
            partitions.failed(failure);
            return Set.of();
        }
        partitions.passed(Set.of(), true);
        return polled;
    }

    @Test
    void those_that_fail_are_found_in_few_polls_and_the_others_are_polled_on() {
        Set<TopicPartition> bad = Set.of(partition(7), partition(700));
        Set<TopicPartition> polled = new HashSet<>();
        for (int polls = 0; polls < 60; polls++) {
            polled.addAll(poll(bad));
        }
        assertThat(polled).hasSize(998).doesNotContainAnyElementsOf(bad);
        assertThat(poll(bad)).hasSize(998);
        assertThat(bad)
                .allSatisfy(partition ->
                        assertThat(partitions.problem(partition)).contains(partition + " can't be read", "bad"));
        assertThat(partitions.problem(partition(1))).isNull();
    }

    @Test
    void however_many_fail_the_others_are_polled_on() {
        Set<TopicPartition> bad = IntStream.range(0, 999)
                .mapToObj(FailingPartitionsTest::partition)
                .collect(Collectors.toSet());
        for (int polls = 0; polls < 2_000; polls++) {
            poll(bad);
        }
        assertThat(bad)
                .allSatisfy(
                        partition -> assertThat(partitions.problem(partition)).isNotNull());
        int good = 0;
        for (int polls = 0; polls < 1_000; polls++) {
            good += poll(bad).size();
        }
        assertThat(good).isGreaterThan(490);
    }

    @Test
    void what_a_group_or_a_topic_fails_is_no_partitions_fault() {
        assertThat(partitions.choose(wanted, wanted)).isEqualTo(wanted);
        assertThatThrownBy(() -> partitions.failed(GroupAuthorizationException.forGroupId("group")))
                .isInstanceOf(GroupAuthorizationException.class);
        assertThat(partitions.choose(wanted, wanted)).isEqualTo(wanted);
        assertThat(partitions.choose(wanted, Set.of())).isEmpty();
        assertThatThrownBy(() -> partitions.failed(failure)).isSameAs(failure);
    }

    @Test
    void a_poll_that_was_cut_short_or_brings_records_of_others_clears_nobody() {
        Set<TopicPartition> few = Set.of(partition(1), partition(2));
        partitions.choose(few, few);
        partitions.failed(failure);
        Set<TopicPartition> suspects = Set.copyOf(partitions.choose(few, few));
        assertThat(suspects).hasSize(1);
        partitions.passed(Set.of(), false);
        partitions.passed(suspects, false);
        assertThat(partitions.choose(few, few)).isEqualTo(suspects);
        partitions.passed(Set.of(), true);
        assertThat(partitions.choose(few, few)).hasSize(1).doesNotContainAnyElementsOf(suspects);
    }

    @Test
    void one_that_has_failed_is_tried_again_with_the_others_and_is_well_when_it_brings_records() {
        wanted.retainAll(Set.of(partition(1), partition(2)));
        Set<TopicPartition> bad = Set.of(partition(1));
        for (int polls = 0; polls < 6; polls++) {
            poll(bad);
        }
        assertThat(partitions.choose(wanted, wanted)).containsExactly(partition(2));
        partitions.passed(Set.of(partition(2)), false);
        await().until(() -> poll(Set.of()).equals(wanted));
        assertThat(partitions.problem(partition(1))).isNotNull();
        partitions.choose(wanted, wanted);
        partitions.passed(Set.of(partition(1)), false);
        assertThat(partitions.problem(partition(1))).isNull();
        assertThat(partitions.choose(wanted, wanted)).isEqualTo(wanted);
    }

    @Test
    void one_that_is_blamed_while_it_is_retried_rests_again_whatever_it_has_brought() {
        wanted.retainAll(Set.of(partition(1), partition(2)));
        partitions.choose(wanted, wanted);
        partitions.blame(partition(1), failure);
        partitions.passed(Set.of(), true);
        await().until(() -> partitions.choose(wanted, wanted).contains(partition(1)));

        partitions.blame(partition(1), failure);
        partitions.passed(Set.of(partition(1)), false);
        assertThat(partitions.problem(partition(1))).isNotNull();
        assertThat(partitions.choose(wanted, wanted)).containsExactly(partition(2));
    }
}
