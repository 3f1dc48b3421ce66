package io.shardmill.poller.stream;

import org.jspecify.annotations.Nullable;

/** What kind of source a stream is to Lambda: which events functions get, and how identifiers and documents look. */
public sealed interface SourceType {

    /** A stream with the records of Kinesis, whoever keeps them. */
    SourceType KINESIS = new Kinesis();

    record Kinesis() implements SourceType {}

    /**
     * A topic of Apache Kafka.
     *
     * @param bootstrapServers as events show them, such as {@code b-1:9092,b-2:9092}
     * @param clusterArn of a cluster of Amazon MSK; null for a self-managed one
     */
    record Kafka(String bootstrapServers, @Nullable String clusterArn) implements SourceType {}
}
