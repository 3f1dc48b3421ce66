package io.shardmill.kafka;

/**
 * A topic that mappings read, as destinations see it.
 *
 * @param name the topic's
 * @param producer of its cluster
 */
record SourceTopic(String name, SharedProducer producer) {}
