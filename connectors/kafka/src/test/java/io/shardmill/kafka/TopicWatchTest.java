package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static KafkaFuture<String> missing() {
        KafkaFutureImpl<String> missing = new KafkaFutureImpl<>();
        missing.completeExceptionally(new UnknownTopicOrPartitionException("no such topic"));
        return missing;
    }

    @Test
    void a_topic_is_gone_when_it_is_missing_twice_in_a_row() {
        Deque<KafkaFuture<String>> answers =
                new ArrayDeque<>(List.of(missing(), KafkaFuture.completedFuture("id"), missing(), missing()));
        TopicWatch watch = new TopicWatch(answers::remove, "id", Duration.ofMillis(50));

        await().atMost(PATIENCE).until(watch::isAnother);
        assertThat(answers).isEmpty();
    }
}
