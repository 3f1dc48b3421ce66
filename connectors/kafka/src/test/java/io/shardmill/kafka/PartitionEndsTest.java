package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionEndsTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final Map<TopicPartition, KafkaFutureImpl<Long>> asked = new HashMap<>();
    private final PartitionEnds ends = new PartitionEnds(this::ask);
    private final PartitionReader reader = new PartitionReader(
            new Shard("orders", "orders-0"), PARTITION, Position.trimHorizon(), () -> {}, new PartitionReader.Poller() {
                @Override
                public void demand() {}

                @Override
                public void finished(TopicPartition partition, long offset, @Nullable LogPosition read, String ahead) {}

                @Override
                public void closed(PartitionReader closed) {}
            });

    /** Has read all records before offset 7. */
    @BeforeEach
    void begin() {
        reader.begun(7, null);
    }

    private Map<TopicPartition, KafkaFuture<Long>> ask(Set<TopicPartition> partitions) {
        Map<TopicPartition, KafkaFuture<Long>> answers = new HashMap<>();
        for (TopicPartition partition : partitions) {
            KafkaFutureImpl<Long> answer = new KafkaFutureImpl<>();
            asked.put(partition, answer);
            answers.put(partition, answer);
        }
        return answers;
    }

    private void answer(long end) {
        Objects.requireNonNull(asked.remove(PARTITION)).complete(end);
    }

    private void fail(RuntimeException failure) {
        Objects.requireNonNull(asked.remove(PARTITION)).completeExceptionally(failure);
    }

    @Test
    void a_reader_that_has_all_records_is_told_so() {
        ends.ask(List.of(reader));
        answer(7);
        assertThat(reader.read(10, 1 << 20)).isEqualTo(new ReadResult.Nothing(true));
    }

    @Test
    void one_that_has_not_is_not() {
        ends.ask(List.of(reader));
        answer(8);
        assertThat(reader.read(10, 1 << 20)).isEqualTo(new ReadResult.Nothing(false));
    }

    @Test
    void a_partition_has_one_question_at_a_time_and_a_silent_leader_is_known_until_records_come() {
        ends.ask(List.of(reader));
        KafkaFuture<Long> first = asked.get(PARTITION);
        ends.ask(List.of(reader));
        assertThat(asked).containsExactly(Map.entry(PARTITION, (KafkaFutureImpl<Long>) first));
        assertThat(ends.isUnanswered(PARTITION)).isFalse();
        await().until(() -> ends.isUnanswered(PARTITION));
        fail(new TimeoutException("no answer"));
        ends.ask(List.of(reader));
        assertThat(ends.isUnanswered(PARTITION)).isTrue();
        assertThat(ends.problem(PARTITION)).isNull();

        ends.brought(Set.of(PARTITION));
        assertThat(ends.isUnanswered(PARTITION)).isFalse();
    }

    @Test
    void an_answer_that_is_a_refusal_is_the_partitions_problem_until_the_next_one() {
        ends.ask(List.of(reader));
        fail(new TopicAuthorizationException("Topic authorization failed."));
        assertThat(ends.problem(PARTITION)).contains("the end of orders-0 can't be asked for", "Read and Describe");
        ends.ask(List.of(reader));
        answer(7);
        assertThat(ends.problem(PARTITION)).isNull();
        assertThat(ends.isUnanswered(PARTITION)).isFalse();
    }
}
