/** Topics of Apache Kafka: read by mappings, and written to. */
@NullMarked
package io.shardmill.kafka;

import org.jspecify.annotations.NullMarked;
