package io.shardmill.spring;

import io.shardmill.kafka.KafkaStream;
import io.shardmill.spring.ShardmillProperties.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the topics and consumer groups that the properties name. */
final class KafkaTopics {

    private static final String MAPPINGS = "shardmill.mappings.";

    private final ShardmillProperties properties;

    KafkaTopics(ShardmillProperties properties) {
        this.properties = properties;
    }

    /** @throws ShardmillConfigurationException if properties break rules, with all of them */
    Map<String, KafkaStream> streams() {
        Map<String, KafkaStream> streams = new LinkedHashMap<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.streams().forEach((name, stream) -> {
            Stream.Kafka kafka = stream.kafka();
            if (kafka != null) {
                add(faults, () -> streams.put(name, stream(name, stream, kafka)));
            }
        });
        properties.mappings().forEach((name, mapping) -> {
            String topic = mapping.topic();
            if (topic != null) {
                add(faults, () -> streams.putIfAbsent(topic, topic(name, topic)));
            }
        });
        ShardmillConfigurationException.throwIfAny(faults);
        return streams;
    }

    private static void add(List<ShardmillConfigurationException> faults, Runnable addition) {
        try {
            addition.run();
        } catch (ShardmillConfigurationException fault) {
            faults.add(fault);
        }
    }

    private static KafkaStream stream(String name, Stream stream, Stream.Kafka kafka) {
        String property = "shardmill.streams." + name;
        if (stream.kinesis() != null) {
            throw new ShardmillConfigurationException(
                    property + ".kafka", "does not go with " + property + ".kinesis; leave out one of them");
        }
        try {
            return new KafkaStream(
                    kafka.topic() == null ? name : kafka.topic(), kafka.bootstrapServers(), kafka.clusterArn());
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under(property + ".kafka", invalid);
        }
    }

    private KafkaStream topic(String name, String topic) {
        String property = MAPPINGS + name + ".topic";
        Stream configured = properties.streams().get(topic);
        if (configured != null && configured.kafka() == null) {
            throw new ShardmillConfigurationException(
                    property,
                    "'" + topic + "' is another kind of stream by shardmill.streams." + topic
                            + "; set shardmill.streams." + topic + ".kafka, or name the stream in " + MAPPINGS + name
                            + ".stream");
        }
        try {
            return KafkaStream.of(topic);
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under(MAPPINGS + name, invalid);
        }
    }

    /**
     * Returns the groups that mappings have set, by mapping.
     *
     * @throws ShardmillConfigurationException if a group is that of two mappings: each would get some of the records only
     */
    Map<String, String> groups() {
        Map<String, String> groups = new LinkedHashMap<>();
        Map<String, String> mappings = new HashMap<>();
        properties.mappings().forEach((name, mapping) -> {
            String group = mapping.consumerGroup();
            if (group == null) {
                return;
            }
            String property = MAPPINGS + name + ".consumer-group";
            if (group.isBlank() || group.length() > 200) {
                throw new ShardmillConfigurationException(property, "'" + group + "' must have 1 to 200 characters");
            }
            String other = mappings.putIfAbsent(group, name);
            if (other != null) {
                throw new ShardmillConfigurationException(
                        property,
                        "'" + group + "' is that of " + MAPPINGS + other
                                + ", too, and a group is for one mapping; name another one");
            }
            groups.put(name, group);
        });
        return groups;
    }
}
