package io.shardmill.poller.mapping;

import io.shardmill.poller.stream.StartingPosition;
import java.util.Objects;

/**
 * What a mapping reads (Lambda's {@code EventSourceArn}, {@code StartingPosition}).
 *
 * @param stream the stream's name
 * @param startingPosition where a stream that was never read is begun
 */
public record EventSource(String stream, StartingPosition startingPosition) {

    public EventSource {
        if (stream.isBlank()) {
            throw new InvalidMappingException("stream", "'" + stream + "'", "must name a stream");
        }
        Objects.requireNonNull(startingPosition, "startingPosition");
    }
}
