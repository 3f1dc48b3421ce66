package io.shardmill.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
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

    /** How long the thread may wait for an answer: nothing is polled meanwhile. */
    static final Duration CALL = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupSettings settings;
    private final Map<TopicPartition, PartitionReader> readers;
    private final LogChecks checks;
    private final LeaderCalls leaders;
    private long lastRefresh = System.nanoTime() - REFRESH_NANOS;

    /** @param readers that are open now; changed by other threads */
    RecordFlow(
            Consumer<byte[], byte[]> consumer,
            GroupSettings settings,
            Map<TopicPartition, PartitionReader> readers,
            LogChecks checks) {
        this.consumer = consumer;
        this.settings = settings;
        this.readers = readers;
        this.checks = checks;
        this.leaders = new LeaderCalls(consumer, settings.topic());
    }

    /** Pauses partitions that nobody reads, or whose reader has enough, and resumes the others. */
    void control(Set<TopicPartition> owned) {
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        long room = settings.bufferBytes() / Math.max(1, owned.size());
        Set<TopicPartition> wanted = new HashSet<>();
        for (TopicPartition partition : owned) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun() && reader.hasRoom(2 * settings.maxPollRecords(), room)) {
                wanted.add(partition);
            }
        }
        Set<TopicPartition> toPause = new HashSet<>(consumer.assignment());
        toPause.removeAll(wanted);
        toPause.removeAll(paused);
        if (!toPause.isEmpty()) {
            consumer.pause(toPause);
        }
        wanted.retainAll(paused);
        if (!wanted.isEmpty()) {
            consumer.resume(wanted);
        }
    }

    /**
     * Hands over what was polled. What nobody reads any more is read again by whoever begins the partition next.
     *
     * @throws RuntimeException of a reader that could not take its records, which are polled again
     */
    void bring(ConsumerRecords<byte[], byte[]> polled) {
        RuntimeException fault = null;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> next :
                polled.nextOffsets().entrySet()) {
            TopicPartition partition = next.getKey();
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                try {
                    reader.add(polled.records(partition), next.getValue().offset());
                } catch (RuntimeException | Error failure) {
                    consumer.seek(partition, reader.polled());
                    fault = new IllegalStateException("Records of " + partition + " could not be taken", failure);
                }
            }
        }
        readers.values().forEach(PartitionReader::wakeForRecords);
        if (fault != null) {
            throw fault;
        }
    }

    /** Tells readers how far they are behind, those that are at the tip, and those whose partition has no leader. */
    void report(Set<TopicPartition> owned) {
        Set<PartitionReader> watched = new HashSet<>();
        Map<PartitionReader, Long> asked = new HashMap<>();
        boolean isUrgent = false;
        for (TopicPartition partition : owned) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                watched.add(reader);
                reader.lag(consumer.currentLag(partition));
                if (reader.isRefreshDue()) {
                    asked.put(reader, reader.refreshes());
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
            refresh(asked);
            watched.forEach(reader -> reader.troubled(problem(reader.partition())));
        }
    }

    private @Nullable String problem(TopicPartition partition) {
        String ofLeader = leaders.problem(partition);
        return ofLeader == null ? checks.problem(partition) : ofLeader;
    }

    /** A fetch that is under way says nothing of what was put since: the broker is asked for the ends. */
    private void refresh(Map<PartitionReader, Long> asked) {
        Set<TopicPartition> partitions = new HashSet<>();
        asked.keySet().forEach(reader -> partitions.add(reader.partition()));
        Map<TopicPartition, Long> ends = leaders.ends(partitions);
        asked.forEach((reader, number) -> {
            Long end = ends.get(reader.partition());
            if (end != null && reader.polled() >= end) {
                reader.refreshed(number);
            }
        });
    }

    /**
     * Goes on from the oldest record where records were deleted; never jumps to the end (spec case 97).
     *
     * @return whether a partition can't be read because it has lost what was before the position
     */
    boolean reposition(OffsetOutOfRangeException outOfRange) {
        Map<TopicPartition, Long> positions = outOfRange.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> oldest = unlessWoken(() -> consumer.beginningOffsets(positions.keySet(), CALL));
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
            reader.trimmed(oldest);
            return true;
        }
        consumer.pause(Set.of(reader.partition()));
        reader.lost(position);
        return false;
    }

    /** A wake-up that comes too late for the poll it was meant for would end the next call. */
    static <T> T unlessWoken(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException late) {
                LOG.trace("Woken", late);
            }
        }
    }
}
