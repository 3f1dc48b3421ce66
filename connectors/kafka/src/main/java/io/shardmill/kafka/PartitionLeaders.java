package io.shardmill.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who leads a topic's partitions, as the client knows it: the broker is not asked. Touched by the polling thread only. */
final class PartitionLeaders {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLeaders.class);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Map<TopicPartition, Node> leaders = new HashMap<>();

    PartitionLeaders(Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.topic = topic;
    }

    void look() {
        leaders.clear();
        for (PartitionInfo info : known()) {
            Node leader = info.leader() == null ? Node.noNode() : info.leader();
            leaders.put(new TopicPartition(topic, info.partition()), leader);
        }
    }

    private List<PartitionInfo> known() {
        try {
            return ConsumerCalls.unlessWoken(() -> consumer.partitionsFor(topic, Duration.ZERO));
        } catch (KafkaException unknown) { // the topic may be no more, which others notice
            LOG.debug("The leaders of {} are not known", topic, unknown);
            return List.of();
        }
    }

    /**
     * Returns why the partition can't be read at present; null if nothing is known.
     *
     * @param isSilent whether its leader has not answered
     */
    @Nullable
    String problem(TopicPartition partition, boolean isSilent) {
        Node leader = leaders.get(partition);
        if (leader == null) {
            return null;
        }
        if (leader.isEmpty()) {
            return partition + " has no leader at present";
        }
        return isSilent
                ? "the leader of " + partition + ", broker " + leader.idString() + " at " + leader.host() + ":"
                        + leader.port() + ", doesn't answer"
                : null;
    }
}
