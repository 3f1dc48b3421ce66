package io.shardmill.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings records from a consumer to the readers of its partitions, as fast as they are read. Touched by the polling thread only.
 */
final class RecordFlow {

    private static final Logger LOG = LoggerFactory.getLogger(RecordFlow.class);

    /** How often the broker is asked for the end of partitions of which everything seems to be read. */
    private static final long REFRESH_NANOS = 500_000_000;

    /** A poll that ends earlier was cut short. */
    private static final long QUIET_NANOS = 50_000_000;

    private final Consumer<byte[], byte[]> consumer;
    private final GroupSettings settings;
    private final Map<TopicPartition, PartitionReader> readers;
    private final LogChecks checks;
    private final PartitionEnds ends;
    private final PartitionLeaders leaders;
    private final FailingPartitions failing;
    private long lastRefresh = System.nanoTime() - REFRESH_NANOS;

    /** @param readers that are open now; changed by other threads */
    RecordFlow(
            Consumer<byte[], byte[]> consumer,
            GroupSettings settings,
            Map<TopicPartition, PartitionReader> readers,
            LogChecks checks,
            PartitionEnds ends) {
        this.consumer = consumer;
        this.settings = settings;
        this.readers = readers;
        this.checks = checks;
        this.ends = ends;
        this.leaders = new PartitionLeaders(consumer, settings.topic());
        this.failing = new FailingPartitions(settings.group());
    }

    /** Pauses partitions that nobody reads, whose reader has enough, or that fail, and resumes the others. */
    void control(Set<TopicPartition> owned) {
        long room = settings.bufferBytes() / Math.max(1, owned.size());
        Set<TopicPartition> wanted = new HashSet<>();
        for (TopicPartition partition : owned) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun() && reader.hasRoom(2 * settings.maxPollRecords(), room)) {
                wanted.add(partition);
            }
        }
        resumeOnly(failing.choose(owned, wanted));
    }

    private void resumeOnly(Set<TopicPartition> toPoll) {
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        Set<TopicPartition> toPause = new HashSet<>(consumer.assignment());
        toPause.removeAll(toPoll);
        toPause.removeAll(paused);
        Set<TopicPartition> toResume = new HashSet<>(toPoll);
        toResume.retainAll(paused);
        try {
            if (!toPause.isEmpty()) {
                consumer.pause(toPause);
            }
            if (!toResume.isEmpty()) {
                consumer.resume(toResume);
            }
        } catch (IllegalStateException revoked) { // just now, by the client's own thread; the next poll tells
            LOG.debug("Not all of {} and {} are assigned any more", toPause, toResume, revoked);
        }
    }

    /**
     * Polls, and hands over what comes. What fails by a partition's fault is not thrown: that partition rests.
     *
     * @throws RuntimeException if the poll fails for all
     */
    void bring(Supplier<ConsumerRecords<byte[], byte[]>> poll) {
        long begun = System.nanoTime();
        try {
            ConsumerRecords<byte[], byte[]> polled = poll.get();
            Set<TopicPartition> brought = polled.nextOffsets().keySet();
            ends.brought(brought);
            handOver(polled);
            failing.passed(brought, brought.isEmpty() && System.nanoTime() - begun > QUIET_NANOS);
        } catch (WakeupException | OffsetOutOfRangeException notAFailure) {
            throw notAFailure;
        } catch (RuntimeException failure) {
            TopicPartition failed = failing.failed(failure);
            if (failed != null) {
                fetchAgain(failed);
            }
        }
    }

    /** Hands over what was polled. What nobody reads any more is read again by whoever begins the partition next. */
    private void handOver(ConsumerRecords<byte[], byte[]> polled) {
        polled.nextOffsets().forEach((partition, next) -> {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                try {
                    reader.add(polled.records(partition), next.offset());
                } catch (RuntimeException | Error failure) {
                    LOG.debug("Records of {} can't be taken", partition, failure);
                    failing.blame(partition, failure);
                    consumer.seek(partition, reader.polled());
                }
            }
        });
        readers.values().forEach(PartitionReader::wakeForRecords);
    }

    /** Makes the client ask the broker again for what it has fetched: it drops that where it is polled at another position. */
    private void fetchAgain(TopicPartition partition) {
        PartitionReader reader = readers.get(partition);
        if (reader == null || !consumer.assignment().contains(partition)) {
            return;
        }
        resumeOnly(Set.of(partition));
        consumer.seek(partition, reader.polled() + 1);
        try {
            ConsumerRecords<byte[], byte[]> unused =
                    ConsumerCalls.unlessWoken(() -> consumer.poll(Duration.ZERO)); // comes again after the seek
        } finally {
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, reader.polled());
            }
        }
    }

    /** Tells readers how far they are behind, those that are at the tip, and those whose partition has no leader. */
    void report(Set<TopicPartition> owned) {
        Set<PartitionReader> watched = new HashSet<>();
        Set<PartitionReader> asking = new HashSet<>();
        boolean isUrgent = false;
        for (TopicPartition partition : owned) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                watched.add(reader);
                reader.lag(consumer.currentLag(partition));
                if (reader.isRefreshDue()) {
                    asking.add(reader);
                    isUrgent |= reader.isRefreshUrgent();
                }
            } else if (reader != null && checks.isUnderWay(partition)) {
                watched.add(reader);
            }
        }
        long now = System.nanoTime();
        if (!watched.isEmpty() && (isUrgent || now - lastRefresh >= REFRESH_NANOS)) {
            lastRefresh = now;
            leaders.look();
            ends.retain(owned);
            ends.ask(asking);
            watched.forEach(reader -> reader.troubled(problem(reader.partition())));
        }
    }

    private @Nullable String problem(TopicPartition partition) {
        return Stream.of(
                        failing.problem(partition),
                        ends.problem(partition),
                        leaders.problem(partition, ends.isUnanswered(partition)),
                        checks.problem(partition))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Goes on from the oldest record where records were deleted; never jumps to the end (spec case 97).
     *
     * @return whether a partition can't be read because it has lost what was before the position
     */
    boolean reposition(OffsetOutOfRangeException outOfRange) {
        Map<TopicPartition, Long> positions = outOfRange.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> oldest;
        try {
            oldest = ConsumerCalls.unlessWoken(
                    () -> consumer.beginningOffsets(positions.keySet(), ConsumerCalls.TIMEOUT));
        } catch (KafkaException failure) { // the others are read on
            positions.keySet().forEach(partition -> failing.blame(partition, failure));
            return false;
        }
        boolean isLost = false;
        for (Map.Entry<TopicPartition, Long> first : oldest.entrySet()) {
            TopicPartition partition = first.getKey();
            PartitionReader reader = readers.get(partition);
            long position = positions.getOrDefault(partition, 0L);
            if (reader != null && reader.isBegun() && position != reader.polled()) {
                consumer.seek(partition, reader.polled()); // it was begun elsewhere since
                continue;
            }
            // Also where nothing is to be read: a position that the log doesn't have fails each poll, of all
            // partitions.
            consumer.seek(partition, first.getValue());
            isLost |= reader != null
                    && (reader.isBegun() || checks.isUnderWay(partition))
                    && !goesOn(reader, position, first.getValue());
        }
        checks.end(positions.keySet());
        return isLost;
    }

    /** Returns whether the partition is read on. */
    private boolean goesOn(PartitionReader reader, long position, long oldest) {
        if (position < oldest) {
            if (reader.isBegun()) {
                reader.trimmed(oldest);
            }
            return true;
        }
        consumer.pause(Set.of(reader.partition()));
        reader.lost(position);
        return false;
    }
}
