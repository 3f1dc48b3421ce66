package io.shardmill.kafka;

import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardGroup.Assigned;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process in a consumer group: one consumer, and the one thread that polls it. The thread brings records to the readers of the
 * partitions that are assigned, commits what is finished, and inside a revocation waits until the partitions are handed over. The
 * other methods may be called by any thread and don't block.
 */
final class GroupMember implements ShardGroup.Membership, PartitionReader.Poller {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long REFRESH_NANOS = 100_000_000;
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupSettings settings;
    private final OffsetMark mark;
    private final TopicWatch topic;
    private final Runnable changed;
    private final Thread thread;

    private final Map<TopicPartition, PartitionReader> readers = new ConcurrentHashMap<>();
    private final GroupOffsets offsets;
    private volatile Assigned assigned = Assigned.UNKNOWN;
    private volatile boolean isAsking = true;
    private volatile boolean isClosing;

    /** Whether the thread waits in a poll, out of which it can be woken. Guarded by {@link #lock}. */
    private boolean isPolling;

    private final Object lock = new Object();

    // Touched by the polling thread only.
    private final GroupContact contact;
    private final Set<TopicPartition> owned = new HashSet<>();
    private final Set<TopicPartition> undecided = new HashSet<>();
    private final Set<TopicPartition> revoked = new HashSet<>();
    private final Map<String, Position> positions = new HashMap<>();
    private boolean isKnown;
    private boolean isCutOff;
    private boolean isTroubled;
    private long lastRefresh;

    /** @param changed called when the assignment has changed, on the polling thread */
    GroupMember(
            Consumer<byte[], byte[]> consumer,
            GroupSettings settings,
            OffsetMark mark,
            TopicWatch topic,
            Runnable changed) {
        this.consumer = consumer;
        this.settings = settings;
        this.mark = mark;
        this.topic = topic;
        this.changed = changed;
        this.offsets = new GroupOffsets(consumer, mark);
        this.contact = new GroupContact(consumer, settings.sessionTimeout());
        this.thread = new Thread(this::run, "shardmill-kafka-" + settings.group());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    // Any thread.

    /** Opens a reader; one of a partition that is not assigned reads nothing until it is. */
    PartitionReader open(Shard shard, TopicPartition partition, Position from, Runnable wake) {
        PartitionReader reader = new PartitionReader(shard, partition, from, wake, this);
        PartitionReader before = readers.putIfAbsent(partition, reader);
        if (before != null) {
            throw new IllegalStateException(shard + " is read already");
        }
        demand();
        return reader;
    }

    @Override
    public void demand() {
        synchronized (lock) {
            if (isPolling) {
                consumer.wakeup();
            }
        }
    }

    @Override
    public void finished(TopicPartition partition, long offset) {
        offsets.finished(partition, offset);
    }

    @Override
    public void closed(PartitionReader reader) {
        readers.remove(reader.partition(), reader);
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    @Override
    public Assigned assigned() {
        return assigned;
    }

    @Override
    public void ask(boolean forShards) {
        if (isAsking != forShards) {
            isAsking = forShards;
            synchronized (lock) {
                lock.notifyAll();
            }
            demand();
        }
    }

    /** Waits for the thread to end, which commits what is finished first. */
    @Override
    public void close() {
        isClosing = true;
        synchronized (lock) {
            lock.notifyAll();
        }
        demand();
        try {
            thread.join(CLOSE.plus(CALL).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // The polling thread.

    private void run() {
        try {
            while (!isClosing) {
                runOnce();
            }
        } finally {
            readers.values().forEach(PartitionReader::gone); // there are none, unless the topic was made anew
            try {
                consumer.close(CloseOptions.timeout(CLOSE)); // revokes what is assigned
            } catch (RuntimeException failure) {
                LOG.warn("Consumer group '{}' was left with a failure", settings.group(), failure);
            }
        }
    }

    private void runOnce() {
        try {
            subscribe();
            if (isAsking) {
                decide();
                begin();
                poll();
                reportLag();
                watch();
                offsets.commit(owned, readers);
            }
            recovered();
        } catch (WakeupException woken) {
            LOG.trace("Woken", woken);
        } catch (InvalidOffsetException outOfRange) {
            reposition(outOfRange);
        } catch (KafkaException failure) {
            trouble(failure);
        } catch (RuntimeException | Error fault) {
            LOG.error("A fault while consumer group '{}' polls; it goes on", settings.group(), fault);
            trouble(fault);
        }
    }

    private void subscribe() {
        boolean isSubscribed = !consumer.subscription().isEmpty();
        if (isAsking && !isSubscribed) {
            consumer.subscribe(List.of(settings.topic()), new Rebalances());
        } else if (!isAsking && isSubscribed) {
            consumer.unsubscribe();
            isKnown = false;
            publish();
        }
        if (!isAsking) {
            await(System.nanoTime() + POLL.toNanos(), () -> isAsking || isClosing);
        }
    }

    /**
     * Reads the group's own positions of partitions that were assigned: until then it is not known where they begin. One that came
     * back while a reader of before is open is not assigned before that is closed: it knows nothing of what others did meanwhile.
     */
    private void decide() {
        Set<TopicPartition> decided = decidable();
        if (decided.isEmpty()) {
            return;
        }
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed =
                unlessWoken(() -> consumer.committed(decided, CALL));
        offsets.forget(decided);
        revoked.removeAll(decided);
        for (TopicPartition partition : decided) {
            Position position = mark.position(committed.get(partition));
            if (position != null) {
                positions.put(Partitions.shard(partition), position);
            }
            owned.add(partition);
        }
        undecided.removeAll(decided);
        publish();
    }

    private Set<TopicPartition> decidable() {
        return undecided.stream()
                .filter(partition -> !readers.containsKey(partition))
                .collect(Collectors.toSet());
    }

    private void begin() {
        for (PartitionReader reader : readers.values()) {
            if (reader.isBegun() || !owned.contains(reader.partition())) {
                continue;
            }
            Position position = positions.get(Partitions.shard(reader.partition()));
            if (position != null && !position.equals(reader.from())) { // it was set anew since the shard was taken
                setBack(reader.partition());
            } else {
                long offset = unlessWoken(() -> offsets.of(reader.partition(), reader.from()));
                consumer.seek(reader.partition(), offset);
                reader.begun(offset);
                offsets.begin(reader.partition(), offset);
                if (positions.remove(Partitions.shard(reader.partition())) != null) {
                    publish();
                }
            }
        }
    }

    /** The partition is assigned again when its reader is closed. */
    private void setBack(TopicPartition partition) {
        owned.remove(partition);
        positions.remove(Partitions.shard(partition));
        undecided.add(partition);
        revoked.add(partition);
        publish();
    }

    private void poll() {
        resumeWanted();
        ConsumerRecords<byte[], byte[]> polled;
        synchronized (lock) {
            isPolling = true;
        }
        try {
            polled = consumer.poll(hasReaderToBegin() || !decidable().isEmpty() ? Duration.ZERO : POLL);
        } finally {
            synchronized (lock) {
                isPolling = false;
            }
        }
        for (TopicPartition partition : polled.partitions()) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                reader.bring(polled.records(partition));
            }
        }
    }

    private boolean hasReaderToBegin() {
        return isClosing
                || readers.values().stream()
                        .anyMatch(reader -> !reader.isBegun() && owned.contains(reader.partition()));
    }

    private void resumeWanted() {
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

    private void reportLag() {
        Set<TopicPartition> toRefresh = new HashSet<>();
        boolean isUrgent = false;
        for (TopicPartition partition : owned) {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isBegun()) {
                reader.lag(consumer.currentLag(partition));
                if (reader.isRefreshDue()) {
                    toRefresh.add(partition);
                    isUrgent |= reader.isRefreshUrgent();
                }
            }
        }
        long now = System.nanoTime();
        if (!toRefresh.isEmpty() && (isUrgent || now - lastRefresh >= REFRESH_NANOS)) {
            lastRefresh = now;
            refresh(toRefresh);
        }
    }

    /** A fetch that is under way says nothing of what was put since: the broker is asked for the ends. */
    private void refresh(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = unlessWoken(() -> consumer.endOffsets(partitions, CALL));
        ends.forEach((partition, end) -> {
            PartitionReader reader = readers.get(partition);
            if (reader != null && reader.isRefreshDue() && consumer.position(partition) >= end) {
                reader.refreshed();
            }
        });
    }

    private void watch() {
        boolean wasCutOff = isCutOff;
        isCutOff = contact.isLost();
        if (isCutOff != wasCutOff) {
            if (isCutOff) {
                LOG.warn(
                        "Consumer group '{}' has had no contact with its coordinator for {}: others may have its partitions, which"
                                + " are released",
                        settings.group(),
                        settings.sessionTimeout());
            } else {
                LOG.info("Consumer group '{}' has contact with its coordinator again", settings.group());
            }
            publish();
        }
        if (topic.isAnother()) {
            readers.values().forEach(PartitionReader::gone);
            changed.run();
        }
    }

    /** Goes on from the oldest record where records were deleted; never jumps to the end (spec case 97). */
    private void reposition(InvalidOffsetException outOfRange) {
        try {
            Map<TopicPartition, Long> oldest =
                    unlessWoken(() -> consumer.beginningOffsets(outOfRange.partitions(), CALL));
            oldest.forEach((partition, offset) -> {
                PartitionReader reader = readers.get(partition);
                if (reader == null) {
                    return;
                }
                long position = unlessWoken(() -> consumer.position(partition, CALL));
                if (position < offset) {
                    consumer.seek(partition, offset);
                    reader.trimmed(offset);
                } else {
                    consumer.pause(Set.of(partition));
                    reader.failed("offset " + position + " is behind the end of " + partition
                            + ", which has lost records; replay the mapping from a time or from TRIM_HORIZON");
                    changed.run(); // or it was made anew
                }
            });
        } catch (RuntimeException failure) {
            trouble(failure);
        }
    }

    private void trouble(Throwable failure) {
        isTroubled = true;
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        LOG.debug("Consumer group '{}' can't poll", settings.group(), failure);
        readers.values().forEach(reader -> reader.troubled(reason));
        await(System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos(), () -> isClosing);
    }

    private void recovered() {
        if (isTroubled) {
            isTroubled = false;
            readers.values().forEach(reader -> reader.troubled(null));
        }
    }

    private void publish() {
        Set<String> shards = new HashSet<>();
        Set<String> away = new HashSet<>();
        revoked.forEach(partition -> away.add(Partitions.shard(partition)));
        owned.forEach(partition -> (isCutOff ? away : shards).add(Partitions.shard(partition)));
        assigned = new Assigned(isKnown, shards, away, positions);
        changed.run();
    }

    /** A wake-up that comes too late for the poll it was meant for would end the next call. */
    private static <T> T unlessWoken(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException late) {
                LOG.trace("Woken", late);
            }
        }
    }

    /** Returns whether it has become so before the deadline, by {@link System#nanoTime}. */
    private boolean await(long deadline, Supplier<Boolean> condition) {
        synchronized (lock) {
            try {
                for (long left = deadline - System.nanoTime();
                        left > 0 && !condition.get();
                        left = deadline - System.nanoTime()) {
                    lock.wait(left / 1_000_000 + 1);
                }
            } catch (InterruptedException ignored) { // by nobody of ours: the thread is private
                LOG.debug("Interrupted", ignored);
            }
            return condition.get();
        }
    }

    /** Called inside polls, by the polling thread. */
    private final class Rebalances implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> consumer.seek(partition, 0)); // until a reader says where
            consumer.pause(partitions);
            undecided.addAll(partitions);
            isKnown = true;
            if (partitions.isEmpty()) {
                publish();
            }
        }

        /** The other members wait: the shards are handed over within the deadline, and what is finished is committed. */
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            take(partitions);
            boolean isHandedOver = await(
                    System.nanoTime() + settings.handOver().toNanos(),
                    () -> isClosing || partitions.stream().noneMatch(readers::containsKey));
            if (!isHandedOver) {
                LOG.warn(
                        "Consumer group '{}' gives up partitions of which invocations still run after {}: {}",
                        settings.group(),
                        settings.handOver(),
                        partitions);
            }
            try {
                unlessWoken(() -> {
                    offsets.commitNow(partitions, readers, CALL);
                    return true;
                });
            } catch (RuntimeException failure) {
                LOG.warn(
                        "Consumer group '{}' could not commit the offsets of revoked partitions: {}",
                        settings.group(),
                        failure.getMessage());
            }
            offsets.forget(partitions);
        }

        /** Others have the partitions already. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            take(partitions);
            offsets.forget(partitions);
        }

        private void take(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            partitions.forEach(partition -> {
                owned.remove(partition);
                undecided.remove(partition);
                positions.remove(Partitions.shard(partition));
                revoked.add(partition);
            });
            publish();
        }
    }
}
