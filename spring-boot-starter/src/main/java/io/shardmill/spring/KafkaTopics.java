package io.shardmill.spring;

import io.shardmill.kafka.KafkaStream;
import io.shardmill.spring.ShardmillProperties.Stream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes the topics and consumer groups that the properties name. */
final class KafkaTopics {

    private static final String MAPPINGS = "shardmill.mappings.";

    private final ShardmillProperties properties;
    private final Map<String, KafkaStream> streams;

    /** @throws ShardmillConfigurationException if properties break rules, with all of them */
    KafkaTopics(ShardmillProperties properties) {
        this.properties = properties;
        this.streams = Collections.unmodifiableMap(makeStreams());
    }

    /** Returns the topics by the names of their streams. */
    Map<String, KafkaStream> streams() {
        return streams;
    }

    private Map<String, KafkaStream> makeStreams() {
        Map<String, KafkaStream> made = new LinkedHashMap<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.streams().forEach((name, stream) -> {
            Stream.Kafka kafka = stream.kafka();
            if (kafka != null) {
                add(faults, () -> made.put(name, stream(name, stream, kafka)));
            }
        });
        properties.mappings().forEach((name, mapping) -> {
            String topic = mapping.topic();
            if (topic != null) {
                add(faults, () -> made.putIfAbsent(topic, topic(name, topic)));
            }
        });
        ShardmillConfigurationException.throwIfAny(faults);
        return made;
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
        if (configured != null && !isTopicOfThatName(topic, configured)) {
            throw new ShardmillConfigurationException(
                    property,
                    "'" + topic + "' is the name of another stream by shardmill.streams." + topic + "; name that in "
                            + MAPPINGS + name + ".stream, or rename it");
        }
        try {
            return KafkaStream.of(topic);
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under(MAPPINGS + name, invalid);
        }
    }

    private static boolean isTopicOfThatName(String topic, Stream stream) {
        Stream.Kafka kafka = stream.kafka();
        return kafka != null && (kafka.topic() == null || kafka.topic().equals(topic));
    }

    /**
     * Returns the groups that mappings have set, by mapping.
     *
     * @param named gives the group of a mapping that has set none
     * @throws ShardmillConfigurationException if groups break rules, with all of them: of a group that two mappings have, each would get
     *     some of the records only
     */
    Map<String, String> groups(UnaryOperator<String> named) {
        Map<String, String> groups = new LinkedHashMap<>();
        Map<String, String> mappings = new HashMap<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.mappings().forEach((name, mapping) -> {
            String set = mapping.consumerGroup();
            String property = MAPPINGS + name + ".consumer-group";
            if (set != null && (set.isBlank() || set.length() > 200)) {
                faults.add(new ShardmillConfigurationException(
                        property,
                        "'" + set + "' must have 1 to 200 characters; name a consumer group, or leave it out"));
                return;
            }
            String group = set == null ? named.apply(name) : set;
            String other = mappings.putIfAbsent(group, name);
            if (other != null) {
                faults.add(new ShardmillConfigurationException(
                        property,
                        "'" + group + "' is that of " + MAPPINGS + other
                                + ", too, and a group is for one mapping; name another one"));
            }
            if (set != null) {
                groups.put(name, set);
            }
        });
        ShardmillConfigurationException.throwIfAny(faults);
        return groups;
    }
}
