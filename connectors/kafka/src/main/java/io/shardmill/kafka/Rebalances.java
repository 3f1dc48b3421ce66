package io.shardmill.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes part in the rebalances of a group: a partition is given back when its shard is handed over and what is finished of it is
 * committed. Called inside polls, by the polling thread.
 */
final class Rebalances implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(Rebalances.class);

    private static final Duration COMMIT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupSettings settings;
    private final Map<TopicPartition, PartitionReader> readers;
    private final PartitionStarts starts;
    private final GroupOffsets offsets;
    private final Signal closedReader;
    private final BooleanSupplier isClosing;

    /**
     * @param readers that are open now; changed by other threads
     * @param closedReader given when a reader was closed, or the member is to be
     * @param isClosing whether the member is to be closed: what is read then is not waited for
     */
    Rebalances(
            Consumer<byte[], byte[]> consumer,
            GroupSettings settings,
            Map<TopicPartition, PartitionReader> readers,
            PartitionStarts starts,
            GroupOffsets offsets,
            Signal closedReader,
            BooleanSupplier isClosing) {
        this.consumer = consumer;
        this.settings = settings;
        this.readers = readers;
        this.starts = starts;
        this.offsets = offsets;
        this.closedReader = closedReader;
        this.isClosing = isClosing;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        added.forEach(partition -> consumer.seek(partition, 0)); // until a reader says where
        consumer.pause(added);
        starts.add(added);
    }

    /** The other members wait: the shards are handed over within the deadline. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> taken) {
        starts.take(taken);
        boolean isHandedOver = closedReader.await(
                settings.handOver(),
                () -> isClosing.getAsBoolean() || taken.stream().noneMatch(readers::containsKey));
        if (!isHandedOver) {
            LOG.warn(
                    "Consumer group '{}' gives up partitions of which invocations still run after {}: {}",
                    settings.group(),
                    settings.handOver(),
                    taken);
        }
        commit(taken);
        offsets.forget(taken);
    }

    private void commit(Collection<TopicPartition> taken) {
        try {
            ConsumerCalls.unlessWoken(() -> {
                offsets.commitNow(taken, readers, COMMIT);
                return true;
            });
        } catch (RuntimeException failure) {
            LOG.warn(
                    "Consumer group '{}' could not commit the offsets of revoked partitions; without a common database records"
                            + " that are finished come again: {}",
                    settings.group(),
                    ClientFailure.describe(failure));
        }
    }

    /** Others have the partitions already. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> taken) {
        starts.take(taken);
        offsets.forget(taken);
    }
}
