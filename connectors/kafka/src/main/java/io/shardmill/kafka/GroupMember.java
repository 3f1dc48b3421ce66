package io.shardmill.kafka;

import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardGroup.Assigned;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process in a consumer group: one consumer, and the one thread that polls it. The thread brings records to the readers of the
 * partitions that are assigned, commits what is finished, and inside a revocation waits until the partitions are handed over. The
 * other methods may be called by any thread, and only {@link #close} blocks.
 */
final class GroupMember implements ShardGroup.Membership, PartitionReader.Poller {

    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LAST_CALL = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupSettings settings;
    private final TopicWatch topic;
    private final Runnable changed;
    private final Thread thread;

    private final Map<TopicPartition, PartitionReader> readers = new ConcurrentHashMap<>();
    private final GroupOffsets offsets;
    private final RecordFlow flow;
    private final WakeablePoll poll;
    private volatile Assigned assigned = Assigned.UNKNOWN;
    private volatile @Nullable String problem;
    private volatile boolean isAsking = true;
    private volatile boolean isSuperseded;
    private volatile boolean isClosing;

    /** Given when a reader was closed, or something else is wanted of the polling thread. */
    private final Signal news = new Signal();

    // Touched by the polling thread only.
    private final GroupContact contact;
    private final AssignedPartitions partitions;
    private final PartitionStarts starts;
    private final Rebalances rebalances;
    private boolean isCutOff;

    /** When polls were resumed after the last failure, by {@link System#nanoTime}. */
    private long resumed;

    /** @param changed called when the assignment has changed, on the polling thread */
    GroupMember(
            Consumer<byte[], byte[]> consumer,
            GroupSettings settings,
            OffsetMark mark,
            TopicWatch topic,
            PartitionEnds ends,
            Runnable changed) {
        this.consumer = consumer;
        this.settings = settings;
        this.partitions = new AssignedPartitions(mark);
        this.topic = topic;
        this.changed = changed;
        this.offsets = new GroupOffsets(consumer, mark);
        LogChecks checks = new LogChecks(consumer);
        this.flow = new RecordFlow(consumer, settings, readers, checks, ends);
        this.starts =
                new PartitionStarts(consumer, settings.group(), readers, partitions, offsets, checks, this::publish);
        this.rebalances = new Rebalances(consumer, settings, readers, starts, offsets, news, () -> isClosing);
        this.poll = new WakeablePoll(consumer);
        this.contact = new GroupContact(consumer, settings.withoutContact());
        this.thread = new Thread(this::run, "shardmill-kafka-" + settings.group());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    // Any thread.

    /** Opens a reader; one of a partition that is not assigned reads nothing, and keeps it from being assigned. */
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
        poll.wakeUp();
    }

    @Override
    public void finished(TopicPartition partition, long offset, @Nullable LogPosition read, String ahead) {
        offsets.finished(partition, offset, read, ahead);
    }

    @Override
    public void closed(PartitionReader reader) {
        readers.remove(reader.partition(), reader);
        news.give();
    }

    @Override
    public Assigned assigned() {
        Assigned last = assigned;
        return isSuperseded ? last.withoutPositions() : last;
    }

    @Override
    public @Nullable String problem() {
        String ofPolls = problem;
        return ofPolls == null ? starts.problem() : ofPolls;
    }

    @Override
    public void ask(boolean forShards) {
        if (isAsking != forShards) {
            isAsking = forShards;
            news.give();
            demand();
        }
    }

    @Override
    public void supersede() {
        isSuperseded = true;
        demand();
    }

    boolean isClosing() {
        return isClosing;
    }

    /** Waits for the thread to end, which commits what is finished first. */
    @Override
    public void close() {
        isClosing = true;
        news.give();
        demand();
        try {
            thread.join(CLOSE.plus(LAST_CALL).toMillis());
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
            dropSuperseded(); // is committed by the close
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
        poll.look();
        try {
            if (subscribe()) {
                watch();
                dropSuperseded();
                starts.decide();
                starts.begin(() -> isSuperseded);
                flow.control(partitions.owned());
                flow.bring(() -> poll.poll(pollTime()));
                offsets.commit(partitions.owned(), readers);
                flow.report(partitions.owned());
            }
            recovered();
        } catch (WakeupException woken) {
            LOG.trace("Woken", woken);
        } catch (OffsetOutOfRangeException outOfRange) {
            reposition(outOfRange);
        } catch (KafkaException failure) {
            trouble(failure);
        } catch (RuntimeException | Error fault) {
            if (problem == null) { // else it lasts
                LOG.error("Consumer group '{}' failed to poll", settings.group(), fault);
            }
            trouble(fault);
        }
    }

    /** Returns whether there is something to poll; waits a while where no shards are asked for. */
    private boolean subscribe() {
        boolean isSubscribed = !consumer.subscription().isEmpty();
        if (isAsking) {
            if (!isSubscribed) {
                contact.begin();
                consumer.subscribe(List.of(settings.topic()), rebalances);
            }
            return true;
        }
        if (isSubscribed) {
            consumer.unsubscribe();
            partitions.left();
            publish();
        }
        news.await(PAUSE, () -> isAsking || isClosing);
        return false;
    }

    /** Until the assignment is published without positions, {@link #assigned} leaves them out. */
    private void dropSuperseded() {
        if (isSuperseded) {
            starts.supersede();
            isSuperseded = false;
        }
    }

    private Duration pollTime() {
        return isClosing ? Duration.ZERO : starts.pollTime();
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
                        settings.withoutContact());
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

    private void reposition(OffsetOutOfRangeException outOfRange) {
        try {
            if (flow.reposition(outOfRange)) {
                changed.run(); // the topic may have been made anew
            }
        } catch (RuntimeException failure) {
            trouble(failure);
        }
    }

    private void trouble(Throwable failure) {
        LOG.debug("Consumer group '{}' can't poll", settings.group(), failure);
        boolean isNew = problem == null;
        problem = "consumer group '" + settings.group() + "' can't be polled: " + ClientFailure.describe(failure);
        if (isNew) {
            changed.run();
        }
        readers.values().forEach(reader -> reader.failedFor(failure));
        news.await(PAUSE_AFTER_FAILURE, () -> isClosing);
        resumed = System.nanoTime();
    }

    private void recovered() {
        boolean isMember = assigned.isKnown() || !isAsking;
        // Between two attempts to join, or two fetches that are refused, polls don't fail.
        if (problem != null && isMember && System.nanoTime() - resumed > PAUSE_AFTER_FAILURE.toNanos()) {
            problem = null;
            changed.run();
            readers.values().stream().filter(PartitionReader::isBegun).forEach(reader -> reader.troubled(null));
        }
    }

    private void publish() {
        assigned = partitions.snapshot(isCutOff);
        changed.run();
    }
}
