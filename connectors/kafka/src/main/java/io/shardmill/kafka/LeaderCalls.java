package io.shardmill.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leaders of a topic's partitions for their ends. A partition without a leader, or with one that doesn't answer, holds up no
 * other: a call for both would fail. Touched by the polling thread only.
 */
final class LeaderCalls {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderCalls.class);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Map<TopicPartition, Node> leaders = new HashMap<>();
    private final Set<TopicPartition> leaderless = new HashSet<>();

    /** By leader that has not answered: when it is asked again. */
    private final Map<Node, RetryPause> silent = new HashMap<>();

    LeaderCalls(Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.topic = topic;
    }

    /** Looks who leads, as the client knows it: the broker is not asked. */
    void look() {
        leaders.clear();
        leaderless.clear();
        for (PartitionInfo info : known()) {
            TopicPartition partition = new TopicPartition(topic, info.partition());
            if (info.leader() == null || info.leader().isEmpty()) {
                leaderless.add(partition);
            } else {
                leaders.put(partition, info.leader());
            }
        }
        silent.keySet().retainAll(leaders.values());
    }

    private List<PartitionInfo> known() {
        try {
            return RecordFlow.unlessWoken(() -> consumer.partitionsFor(topic, Duration.ZERO));
        } catch (KafkaException unknown) { // the topic may be no more, which others notice
            LOG.debug("The leaders of {} are not known", topic, unknown);
            return List.of();
        }
    }

    /** Returns why the partition can't be read at present; null if nothing is known. */
    @Nullable
    String problem(TopicPartition partition) {
        if (leaderless.contains(partition)) {
            return partition + " has no leader at present";
        }
        Node leader = leaders.get(partition);
        return leader != null && silent.containsKey(leader)
                ? "the leader of " + partition + ", broker " + leader.idString() + " at " + leader.host() + ":"
                        + leader.port() + ", doesn't answer"
                : null;
    }

    /** Returns the ends of those whose leaders answer. */
    Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) {
        Set<TopicPartition> answering = new HashSet<>();
        Map<Node, Set<TopicPartition>> others = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Node leader = leaders.get(partition);
            if (leader != null && silent.containsKey(leader)) {
                others.computeIfAbsent(leader, node -> new HashSet<>()).add(partition);
            } else if (!leaderless.contains(partition)) {
                answering.add(partition);
            }
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        if (!answering.isEmpty()) {
            try {
                ends.putAll(ask(answering));
            } catch (KafkaException failure) {
                LOG.debug("The ends of {} can't be asked for", answering, failure);
                answering.forEach(partition -> others.computeIfAbsent(
                                leaders.getOrDefault(partition, Node.noNode()), node -> new HashSet<>())
                        .add(partition));
            }
        }
        others.forEach((leader, led) -> ends.putAll(askOne(leader, led)));
        return ends;
    }

    private Map<TopicPartition, Long> askOne(Node leader, Set<TopicPartition> partitions) {
        RetryPause pause = silent.computeIfAbsent(leader, node -> new RetryPause());
        if (!pause.isOver()) {
            return Map.of();
        }
        try {
            Map<TopicPartition, Long> ends = ask(partitions);
            silent.remove(leader);
            return ends;
        } catch (KafkaException failure) {
            LOG.debug("The ends of {} can't be asked for", partitions, failure);
            pause.begin();
            return Map.of();
        }
    }

    private Map<TopicPartition, Long> ask(Set<TopicPartition> partitions) {
        return RecordFlow.unlessWoken(() -> consumer.endOffsets(partitions, RecordFlow.CALL));
    }
}
