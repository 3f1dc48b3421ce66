package io.shardmill.kafka;

import org.apache.kafka.clients.producer.Producer;

/**
 * A topic that mappings read, as destinations see it.
 *
 * @param name the topic's
 * @param producer of its cluster
 */
record SourceTopic(String name, Lazily<Producer<byte[], byte[]>> producer) {}
