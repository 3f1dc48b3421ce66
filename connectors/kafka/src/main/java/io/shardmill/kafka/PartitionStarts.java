package io.shardmill.kafka;

import io.shardmill.poller.stream.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out where assigned partitions begin, and begins those that have a reader. Touched by the polling thread only. */
final class PartitionStarts {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionStarts.class);

    private static final Duration POLL = Duration.ofMillis(100);

    /** Polls bring the answers to checks, and don't return for them. */
    private static final Duration POLL_DURING_CHECKS = Duration.ofMillis(10);

    private final Consumer<byte[], byte[]> consumer;
    private final String group;
    private final Map<TopicPartition, PartitionReader> readers;
    private final AssignedPartitions partitions;
    private final GroupOffsets offsets;
    private final LogChecks checks;
    private final Runnable changed;
    private final RetryPause decisions = new RetryPause();
    private boolean hasFailed;
    private volatile @Nullable String problem;

    /**
     * @param readers that are open now; changed by other threads
     * @param changed called when more is known of partitions
     */
    PartitionStarts(
            Consumer<byte[], byte[]> consumer,
            String group,
            Map<TopicPartition, PartitionReader> readers,
            AssignedPartitions partitions,
            GroupOffsets offsets,
            LogChecks checks,
            Runnable changed) {
        this.consumer = consumer;
        this.group = group;
        this.readers = readers;
        this.partitions = partitions;
        this.offsets = offsets;
        this.checks = checks;
        this.changed = changed;
    }

    /** Rows were set after the group's offsets: what is known of these and of the logs says nothing any more. */
    void supersede() {
        offsets.supersede(partitions.supersede());
        checks.endAll();
        changed.run();
    }

    /** The group has assigned these, too, perhaps none. */
    void add(Collection<TopicPartition> added) {
        partitions.add(added);
        if (added.isEmpty()) { // nothing is left to be decided
            changed.run();
        }
    }

    /** The group has taken these away. */
    void take(Collection<TopicPartition> taken) {
        if (!taken.isEmpty()) {
            partitions.take(taken);
            checks.end(taken);
            changed.run();
        }
    }

    /** Reads the group's own positions of partitions that were assigned: until then it is not known where they begin. */
    void decide() {
        Set<TopicPartition> undecided = partitions.undecided(readers.keySet());
        if (undecided.isEmpty()) {
            hasFailed = false;
            problem = null;
            return;
        }
        if (!decisions.isOver()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed;
        try {
            committed = ConsumerCalls.unlessWoken(() -> consumer.committed(undecided, ConsumerCalls.TIMEOUT));
        } catch (KafkaException failure) { // the partitions that are decided go on
            undecidable(failure);
            return;
        }
        checks.end(undecided);
        offsets.know(undecided, committed);
        offsets.overrule(partitions.decide(undecided, committed));
        changed.run();
    }

    /** The first failure may be of a coordinator that has just begun. */
    private void undecidable(KafkaException failure) {
        LOG.debug("Consumer group '{}' can't read its offsets", group, failure);
        decisions.begin();
        if (hasFailed) {
            problem = "the offsets of consumer group '" + group + "' can't be read: " + ClientFailure.describe(failure);
            changed.run();
        }
        hasFailed = true;
    }

    /** Returns why it can't be found out where partitions begin; null if it can. Called by any thread. */
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * Begins those that can be begun now. After a call that fails, which may have taken its time, the others wait for the next poll.
     *
     * @param isSuperseded whether rows were set after what is known here of partitions; a reader that is opened then sees them
     */
    void begin(BooleanSupplier isSuperseded) {
        for (PartitionReader reader : readers.values()) {
            if (isToBegin(reader) && (isSuperseded.getAsBoolean() || !begin(reader))) {
                return;
            }
        }
    }

    private boolean isToBegin(PartitionReader reader) {
        return reader.isToBegin()
                && partitions.owned().contains(reader.partition())
                && reader.pause().isOver();
    }

    /** Returns whether no call has failed. */
    private boolean begin(PartitionReader reader) {
        TopicPartition partition = reader.partition();
        if (partitions.isOutdated(partition, reader.from())) {
            partitions.putBack(partition);
            changed.run();
            return true;
        }
        LogPosition known = resumes(reader) ? offsets.read(partition) : null;
        if (known != null && !checks.isPassed(partition, known)) {
            return true;
        }
        long offset;
        try {
            offset = ConsumerCalls.unlessWoken(() -> offsets.of(partition, reader.from()));
        } catch (KafkaException failure) { // this one may have no leader
            reader.failedFor(failure);
            reader.pause().begin();
            return false;
        }
        reader.troubled(null);
        consumer.seek(partition, offset);
        reader.begun(offset, known);
        offsets.begin(partition, offset, known, reader.ahead());
        if (partitions.begun(partition)) {
            changed.run();
        }
        return true;
    }

    /** Returns whether the reader resumes at a checkpoint: a replay from a time or from the oldest record does not. */
    private static boolean resumes(PartitionReader reader) {
        return reader.from() instanceof Position.At
                || reader.from() instanceof Position.After
                || !reader.ahead().isEmpty();
    }

    /** Returns how long a poll may wait: not at all if something can be begun. */
    Duration pollTime() {
        boolean isToDecide =
                decisions.isOver() && !partitions.undecided(readers.keySet()).isEmpty();
        boolean isToBegin = readers.values().stream()
                .anyMatch(reader -> isToBegin(reader) && !checks.isUnderWay(reader.partition()));
        if (isToDecide || isToBegin) {
            return Duration.ZERO;
        }
        return checks.areExpected() ? POLL_DURING_CHECKS : POLL;
    }
}
