package io.shardmill.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks leaders for the ends of partitions, and tells readers that have all records: a fetch that is under way says nothing of what was
 * put since. Waits for nobody, so that a leader that doesn't answer holds up no other partition. The polling thread asks, answers come
 * on the admin client's thread.
 */
final class PartitionEnds {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionEnds.class);

    private static final long PATIENCE_NANOS = 1_000_000_000;

    /** @param number of what the reader asks */
    private record Question(PartitionReader reader, long number) {}

    private final Function<Set<TopicPartition>, Map<TopicPartition, KafkaFuture<Long>>> ends;

    /** The last question of each partition; touched by the polling thread only. */
    private final Map<TopicPartition, KafkaFuture<Long>> asked = new HashMap<>();

    /** When a leader was asked first since it has answered last, by {@link System#nanoTime}. */
    private final Map<TopicPartition, Long> unansweredSince = new ConcurrentHashMap<>();

    /** Why the last question of each partition was not answered. */
    private final Map<TopicPartition, Throwable> failures = new ConcurrentHashMap<>();

    /** @param ends asks for ends; those of partitions without a leader fail after a while */
    PartitionEnds(Function<Set<TopicPartition>, Map<TopicPartition, KafkaFuture<Long>>> ends) {
        this.ends = ends;
    }

    /** Asks for what these readers want to know, one question a partition at a time. */
    void ask(Collection<PartitionReader> readers) {
        Map<TopicPartition, Question> questions = new HashMap<>();
        for (PartitionReader reader : readers) {
            TopicPartition partition = reader.partition();
            KafkaFuture<Long> last = asked.get(partition);
            if (last == null || last.isDone()) {
                questions.put(partition, new Question(reader, reader.refreshes()));
                unansweredSince.putIfAbsent(partition, System.nanoTime());
            }
        }
        if (!questions.isEmpty()) {
            Map<TopicPartition, KafkaFuture<Long>> answers = ends.apply(questions.keySet());
            questions.forEach((partition, question) -> asked.put(
                    partition,
                    Objects.requireNonNull(answers.get(partition))
                            .whenComplete((end, failure) -> answered(question, end, failure))));
        }
    }

    private void answered(Question question, Long end, @Nullable Throwable failure) {
        PartitionReader reader = question.reader();
        TopicPartition partition = reader.partition();
        if (failure != null) {
            LOG.debug("The end of {} can't be asked for", partition, failure);
            failures.put(partition, failure);
            return;
        }
        forget(Set.of(partition));
        if (reader.polled() >= end) {
            reader.refreshed(question.number());
        }
    }

    /** Records of these have come: their leaders do answer. */
    void brought(Set<TopicPartition> partitions) {
        if (!unansweredSince.isEmpty()) {
            forget(partitions);
        }
    }

    private void forget(Set<TopicPartition> partitions) {
        unansweredSince.keySet().removeAll(partitions);
        failures.keySet().removeAll(partitions);
    }

    /** Returns why the end of the partition can't be asked for; null if it can, or nobody has answered. */
    @Nullable
    String problem(TopicPartition partition) {
        Throwable failure = failures.get(partition);
        return failure == null || failure instanceof TimeoutException
                ? null
                : "the end of " + partition + " can't be asked for: " + ClientFailure.describe(failure);
    }

    /** Returns whether the leader of the partition was asked and has not answered for a while. */
    boolean isUnanswered(TopicPartition partition) {
        Long since = unansweredSince.get(partition);
        return since != null && System.nanoTime() - since > PATIENCE_NANOS;
    }

    /** Forgets all but these partitions. */
    void retain(Set<TopicPartition> partitions) {
        asked.keySet().retainAll(partitions);
        unansweredSince.keySet().retainAll(partitions);
        failures.keySet().retainAll(partitions);
    }
}
