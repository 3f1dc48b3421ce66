package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FailingPartitionsTest {

    private final KafkaException failure = new KafkaException("bad");

    private final FailingPartitions partitions = new FailingPartitions("group");
    private final Set<TopicPartition> wanted =
            IntStream.range(0, 1_000).mapToObj(FailingPartitionsTest::partition).collect(Collectors.toSet());

    private static TopicPartition partition(int number) {
        return new TopicPartition("orders", number);
    }

    /** Polls once; returns what was brought. */
    private Set<TopicPartition> poll(Set<TopicPartition> bad) {
        Set<TopicPartition> polled = partitions.choose(wanted);
        if (polled.stream().anyMatch(bad::contains)) {
            assertThat(partitions.failed(failure)).isTrue();
            return Set.of();
        }
        partitions.passed();
        return polled;
    }

    @Test
    void those_that_fail_are_found_in_few_polls_and_the_others_are_polled_on() {
        Set<TopicPartition> bad = Set.of(partition(7), partition(700));
        Set<TopicPartition> brought = new HashSet<>();
        for (int polls = 0; polls < 80; polls++) {
            brought.addAll(poll(bad));
        }
        assertThat(brought).hasSize(998).doesNotContainAnyElementsOf(bad);
        assertThat(poll(bad)).hasSize(998);
        assertThat(bad)
                .allSatisfy(partition ->
                        assertThat(partitions.problem(partition)).contains(partition + " can't be read", "bad"));
        assertThat(partitions.problem(partition(1))).isNull();
    }

    @Test
    void a_failure_that_comes_without_any_partition_is_nobodys() {
        partitions.choose(wanted);
        assertThat(partitions.failed(failure)).isTrue();
        assertThat(partitions.choose(wanted)).isEmpty();
        assertThat(partitions.failed(failure)).isFalse();
        assertThat(partitions.choose(wanted)).isEqualTo(wanted);
    }

    @Test
    void one_that_has_failed_is_tried_again_by_itself_and_joins_the_others_when_it_passes() {
        wanted.retainAll(Set.of(partition(1), partition(2)));
        Set<TopicPartition> bad = Set.of(partition(1));
        for (int polls = 0; polls < 6; polls++) {
            poll(bad);
        }
        assertThat(partitions.choose(wanted)).containsExactly(partition(2));
        partitions.passed();
        await().until(() -> poll(Set.of()).equals(Set.of(partition(1))));
        assertThat(partitions.problem(partition(1))).isNull();
        assertThat(poll(Set.of())).isEqualTo(wanted);
    }
}
