package io.shardmill.kafka;

import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * A topic, and the clients to reach it with.
 *
 * @param name the topic's
 * @param arn as documents show the stream
 * @param groups gives the consumer group of a mapping
 */
record KafkaTopic(
        String name,
        String arn,
        SourceType type,
        KafkaClients clients,
        Supplier<Admin> admins,
        UnaryOperator<String> groups) {

    TopicAdmin admin() {
        return new TopicAdmin(admins, name, clients.bootstrapServers(), clients.isolation());
    }

    String group(String mapping) {
        return groups.apply(mapping);
    }

    GroupMember member(String group, OffsetMark mark, Runnable changed) {
        Map<String, Object> properties = clients.consumerProperties(group);
        return new GroupMember(
                consumer(group),
                GroupSettings.of(group, name, properties),
                mark,
                new TopicWatch(admin()::id, mark.topicId()),
                new PartitionEnds(admin()::askEnds),
                changed);
    }

    private Consumer<byte[], byte[]> consumer(String group) {
        try {
            return clients.newConsumer(group);
        } catch (KafkaException failure) {
            throw new StreamUnavailableException(
                    "topic '" + name + "' can't be read by consumer group '" + group + "': "
                            + ClientFailure.describe(failure),
                    failure);
        }
    }
}
