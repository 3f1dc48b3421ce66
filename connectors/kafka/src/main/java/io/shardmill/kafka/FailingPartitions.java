package io.shardmill.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the partition that fails a poll, such as one with a damaged batch: the consumer throws at each poll, and brings none of the
 * others' records. The partitions are bisected. One that fails alone rests for two seconds, while the others are polled on, and is
 * then tried together with them, one at a time. Touched by the polling thread only.
 */
final class FailingPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(FailingPartitions.class);

    /** A fetch that is under way holds up the next one for as long as {@code fetch.max.wait.ms}. */
    private static final long PROBATION_NANOS = 2_000_000_000;

    /** Polls of a part that may be cut short, or bring records of the others in it, before the failure comes. */
    private static final int MOST_POLLS = 20;

    private record Failure(RetryPause pause, Throwable cause) {}

    private final String group;
    private final Map<TopicPartition, Failure> failing = new HashMap<>();

    /** Parts to be polled by themselves, of which one or more fail. */
    private final Deque<Set<TopicPartition>> suspects = new ArrayDeque<>();

    /** How often the first part was polled. */
    private int polls;

    /** The failing partition that is polled with the others, by when it began to be. */
    private @Nullable TopicPartition retried;

    private long retriedSince;

    /** Whether the others were polled since a failing partition was tried last. */
    private boolean mayRetry;

    private Set<TopicPartition> polled = Set.of();

    FailingPartitions(String group) {
        this.group = group;
    }

    /**
     * Returns which partitions are polled next.
     *
     * @param owned those that may be read
     * @param wanted those of them whose records are wanted
     */
    Set<TopicPartition> choose(Set<TopicPartition> owned, Set<TopicPartition> wanted) {
        failing.keySet().retainAll(owned);
        polled = new HashSet<>(wanted);
        if (!suspects.isEmpty()) {
            polled.retainAll(suspects.getFirst());
            return polled;
        }
        if (retried == null || !failing.containsKey(retried)) {
            retried = mayRetry ? due(wanted) : null;
            retriedSince = System.nanoTime();
        }
        polled.removeIf(partition -> failing.containsKey(partition) && !partition.equals(retried));
        return polled;
    }

    private @Nullable TopicPartition due(Set<TopicPartition> wanted) {
        for (Map.Entry<TopicPartition, Failure> failed : failing.entrySet()) {
            if (wanted.contains(failed.getKey()) && failed.getValue().pause().isOver()) {
                return failed.getKey();
            }
        }
        return null;
    }

    /**
     * The poll of those that were chosen last has not failed.
     *
     * @param brought partitions that have moved on
     * @param isQuiet whether it has brought nothing, and not because it was cut short
     */
    void passed(Set<TopicPartition> brought, boolean isQuiet) {
        if (!suspects.isEmpty()) {
            polls++;
            if (isQuiet || polled.isEmpty() || polls >= MOST_POLLS) {
                next();
            }
            return;
        }
        mayRetry = true;
        if (retried != null && (brought.contains(retried) || System.nanoTime() - retriedSince > PROBATION_NANOS)) {
            failing.remove(retried);
            LOG.info("Consumer group '{}' reads {} again", group, retried);
            retried = null;
        }
    }

    private void next() {
        suspects.poll();
        polls = 0;
    }

    /**
     * The poll of those that were chosen last has failed.
     *
     * @return the partition whose fault it is, and that rests now; null if that is not known yet
     * @throws RuntimeException the failure, if it is nobody's fault alone
     */
    @Nullable
    TopicPartition failed(RuntimeException failure) {
        if (polled.isEmpty() || failure instanceof ApiException) { // that is of a group or a topic
            suspects.clear();
            throw failure;
        }
        if (suspects.isEmpty() && retried != null) {
            TopicPartition again = retried;
            blame(again, failure);
            return again;
        }
        next();
        if (polled.size() == 1) {
            TopicPartition only = polled.iterator().next();
            blame(only, failure);
            return only;
        }
        List<TopicPartition> all = new ArrayList<>(polled);
        int half = all.size() / 2;
        suspects.push(Set.copyOf(all.subList(half, all.size())));
        suspects.push(Set.copyOf(all.subList(0, half)));
        return null;
    }

    /** The partition has failed: it rests. */
    void blame(TopicPartition partition, Throwable cause) {
        if (partition.equals(retried)) {
            retried = null;
            mayRetry = false;
        }
        RetryPause pause = new RetryPause();
        pause.begin();
        if (failing.put(partition, new Failure(pause, cause)) == null) {
            LOG.warn(
                    "Consumer group '{}' can't read {}, tries it again every two seconds, and reads the others: {}",
                    group,
                    partition,
                    ClientFailure.describe(cause));
        }
    }

    /** Returns why the partition can't be read at present; null if it can. */
    @Nullable
    String problem(TopicPartition partition) {
        Failure failure = failing.get(partition);
        if (failure == null) {
            return null;
        }
        String text = partition + " can't be read: " + ClientFailure.describe(failure.cause());
        return mayBeDamage(failure.cause())
                ? text
                        + "; if a batch is damaged for good, stop all processes and set the group's offset behind it, with"
                        + " kafka-consumer-groups.sh --reset-offsets --topic " + partition.topic() + ":"
                        + partition.partition() + " --to-offset <offset>"
                : text;
    }

    /** The client has no class of its own for damage. */
    private static boolean mayBeDamage(Throwable cause) {
        return cause.getClass() == KafkaException.class;
    }
}
