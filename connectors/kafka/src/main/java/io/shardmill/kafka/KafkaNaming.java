package io.shardmill.kafka;

import java.util.Map;

/**
 * How consumer groups and streams are named.
 *
 * @param namespace of the application's checkpoints
 * @param groups the consumer groups of mappings that have one set; others are named after namespace and mapping
 * @param region that ARNs of topics outside of Amazon MSK show
 * @param account that they show
 */
public record KafkaNaming(String namespace, Map<String, String> groups, String region, String account) {

    private static final String CLUSTER = "self-managed";

    public KafkaNaming {
        groups = Map.copyOf(groups);
    }

    String group(String mapping) {
        String set = groups.get(mapping);
        return set == null ? namespace + "." + mapping : set;
    }

    /** Names a topic as Amazon MSK does. */
    String arn(KafkaStream stream) {
        return stream.clusterArn() == null
                ? "arn:aws:kafka:" + region + ":" + account + ":topic/" + CLUSTER + "/" + stream.topic()
                : stream.clusterArn().replace(":cluster/", ":topic/") + "/" + stream.topic();
    }
}
