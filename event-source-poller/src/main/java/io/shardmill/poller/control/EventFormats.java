package io.shardmill.poller.control;

import io.shardmill.poller.event.EventFormat;
import io.shardmill.poller.event.KafkaFormat;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StreamSource;
import org.jspecify.annotations.Nullable;

/** What Lambda makes of each kind of source. */
public final class EventFormats {

    private EventFormats() {}

    /**
     * Returns the format of a source's records.
     *
     * @param role of the function, as events of Kinesis show it; null for one that has none
     */
    public static EventFormat of(StreamSource source, @Nullable String role) {
        return source.type() instanceof SourceType.Kafka kafka
                ? new KafkaFormat(source.arn(), kafka.bootstrapServers(), kafka.clusterArn())
                : KinesisFormat.of(source.arn(), role);
    }

    /**
     * Checks filters for the records of a source, which is not asked anything. For those of Kinesis they were when they were made.
     *
     * @throws InvalidMappingException if its records can't be filtered so
     */
    static void require(FilterCriteria filters, SourceType type) {
        if (type instanceof SourceType.Kafka) {
            filters.requireFor(KafkaFormat.FILTER_FIELDS);
        }
    }
}
