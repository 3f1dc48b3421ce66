package io.shardmill.kafka;

import io.shardmill.runtime.arn.AwsScope;
import java.util.Map;

/**
 * How consumer groups and streams are named.
 *
 * @param namespace of the application's checkpoints
 * @param groups the consumer groups of mappings that have one set; others are named after namespace and mapping
 * @param scope of the ARNs of topics outside of Amazon MSK
 */
public record KafkaNaming(String namespace, Map<String, String> groups, AwsScope scope) {

    private static final String CLUSTER = "self-managed";

    public KafkaNaming {
        groups = Map.copyOf(groups);
    }

    String group(String mapping) {
        String set = groups.get(mapping);
        return set == null ? groupOf(namespace, mapping) : set;
    }

    /** Returns the group of a mapping that has none set. */
    public static String groupOf(String namespace, String mapping) {
        return namespace + "." + mapping;
    }

    /** Names a topic as Amazon MSK does. */
    String arn(KafkaStream stream) {
        return stream.clusterArn() == null
                ? scope.arn("kafka", "topic/" + CLUSTER + "/" + stream.topic())
                : stream.clusterArn().replace(":cluster/", ":topic/") + "/" + stream.topic();
    }
}
