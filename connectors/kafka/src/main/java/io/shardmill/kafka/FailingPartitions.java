package io.shardmill.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the partition that fails a poll, such as one with a damaged batch: the consumer throws at each poll, and brings none of the
 * others' records. After a failure a poll without partitions shows whether it is one's fault at all; then the partitions are bisected.
 * One that fails alone rests for two seconds, and the others are polled on. Touched by the polling thread only.
 */
final class FailingPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(FailingPartitions.class);

    private record Failure(RetryPause pause, Throwable cause) {}

    private final String group;
    private final Map<TopicPartition, Failure> failing = new HashMap<>();

    /** Parts to be polled by themselves, of which one or more fail. */
    private final Deque<Set<TopicPartition>> suspects = new ArrayDeque<>();

    private Set<TopicPartition> polled = Set.of();

    FailingPartitions(String group) {
        this.group = group;
    }

    /** Returns which of the partitions that are wanted are polled next. */
    Set<TopicPartition> choose(Set<TopicPartition> wanted) {
        failing.keySet().retainAll(wanted);
        if (suspects.isEmpty()) {
            Set<TopicPartition> due = new HashSet<>();
            failing.forEach((partition, failure) -> {
                if (failure.pause().isOver()) {
                    due.add(partition);
                }
            });
            if (!due.isEmpty()) {
                suspects.push(due);
            }
        }
        polled = new HashSet<>(wanted);
        if (suspects.isEmpty()) {
            polled.removeAll(failing.keySet());
        } else {
            polled.retainAll(suspects.getFirst());
        }
        return polled;
    }

    /** The poll of those that were chosen last has not failed. */
    void passed() {
        suspects.poll();
        for (TopicPartition partition : polled) {
            if (failing.remove(partition) != null) {
                LOG.info("Consumer group '{}' reads {} again", group, partition);
            }
        }
    }

    /**
     * The poll of those that were chosen last has failed.
     *
     * @return false if it is nobody's fault alone
     */
    boolean failed(Throwable failure) {
        suspects.poll();
        if (polled.isEmpty()) {
            suspects.clear();
            return false;
        }
        if (polled.size() == 1) {
            blame(polled.iterator().next(), failure);
            return true;
        }
        List<TopicPartition> all = new ArrayList<>(polled);
        int half = all.size() / 2;
        suspects.push(Set.copyOf(all.subList(half, all.size())));
        suspects.push(Set.copyOf(all.subList(0, half)));
        suspects.push(Set.of());
        return true;
    }

    private void blame(TopicPartition partition, Throwable cause) {
        RetryPause pause = new RetryPause();
        pause.begin();
        if (failing.put(partition, new Failure(pause, cause)) == null) {
            LOG.warn("Consumer group '{}' can't read {} and tries again: {}", group, partition, cause.toString());
        }
    }

    /** Returns why the partition can't be read at present; null if it can. */
    @Nullable
    String problem(TopicPartition partition) {
        Failure failure = failing.get(partition);
        return failure == null
                ? null
                : partition + " can't be read: " + failure.cause()
                        + "; if a record is damaged, stop all processes and set the group's offset behind it";
    }
}
