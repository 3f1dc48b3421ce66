package io.shardmill.poller.mapping;

import io.shardmill.poller.stream.StartingPosition;
import java.util.Objects;

/**
 * What a mapping reads (Lambda's {@code EventSourceArn}, {@code StartingPosition}, {@code FilterCriteria}).
 *
 * @param stream the stream's name
 * @param startingPosition where a stream that was never read is begun
 * @param filters which records are delivered
 */
public record EventSource(String stream, StartingPosition startingPosition, FilterCriteria filters) {

    public EventSource {
        if (stream.isBlank()) {
            throw new InvalidMappingException("stream", "'" + stream + "'", "must name a stream");
        }
        Objects.requireNonNull(startingPosition, "startingPosition");
        Objects.requireNonNull(filters, "filters");
    }

    /** All records of the stream. */
    public EventSource(String stream, StartingPosition startingPosition) {
        this(stream, startingPosition, FilterCriteria.none());
    }
}
