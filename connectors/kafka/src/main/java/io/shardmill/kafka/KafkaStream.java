package io.shardmill.kafka;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is a topic of a Kafka cluster.
 *
 * @param topic the topic's name
 * @param bootstrapServers of the cluster, as the client's {@code bootstrap.servers}; null for the common ones
 * @param clusterArn of a cluster of Amazon MSK, as events and documents show it; null for a self-managed one
 */
public record KafkaStream(
        String topic,
        @Nullable String bootstrapServers,
        @Nullable String clusterArn) {

    /** What a topic's name must be. */
    static final String TOPIC_RULE = "must be 1 to 249 letters, digits, '.', '_' or '-', and not '.' or '..'";

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /** @throws IllegalArgumentException if the topic can't be one */
    public KafkaStream {
        if (!isTopic(topic)) {
            throw new IllegalArgumentException(
                    "topic: '" + topic + "'; " + TOPIC_RULE + "; set it to the name of a topic");
        }
        if (bootstrapServers != null && bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap-servers: '" + bootstrapServers
                    + "'; must be host:port pairs, separated by commas; set it, or leave it out for the common ones");
        }
    }

    /** Returns whether a topic may have the name. */
    static boolean isTopic(String name) {
        return TOPIC.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    /** A topic of the common cluster. */
    public static KafkaStream of(String topic) {
        return new KafkaStream(topic, null, null);
    }
}
