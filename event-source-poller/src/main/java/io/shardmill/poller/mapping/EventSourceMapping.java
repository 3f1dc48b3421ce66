package io.shardmill.poller.mapping;

import io.shardmill.poller.stream.StartingPosition;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A function fed from a stream (Lambda's {@code CreateEventSourceMapping}). Immutable and valid.
 *
 * @param name identifies the mapping and its checkpoints: letters, digits, {@code - _ .}, at most 64
 * @param stream the stream's name
 * @param function the function's name; compositions such as {@code parse|store} included
 */
public record EventSourceMapping(
        String name,
        String stream,
        String function,
        StartingPosition startingPosition,
        Batching batching,
        FailureHandling failureHandling) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    public EventSourceMapping {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidMappingException(
                    "name", "'" + name + "'", "must be 1 to 64 letters, digits, '-', '_' or '.'");
        }
        if (stream.isBlank()) {
            throw new InvalidMappingException("stream", "'" + stream + "'", "must name a stream");
        }
        if (function.isBlank()) {
            throw new InvalidMappingException("function", "'" + function + "'", "must name a function");
        }
        Objects.requireNonNull(startingPosition, "startingPosition");
    }

    /** A mapping with Lambda's defaults, from TRIM_HORIZON, onto the function of its own name. */
    public static EventSourceMapping of(String name, String stream) {
        return new EventSourceMapping(
                name,
                stream,
                name,
                new StartingPosition.TrimHorizon(),
                Batching.defaults(),
                FailureHandling.defaults());
    }

    public EventSourceMapping withFunction(String function) {
        return new EventSourceMapping(name, stream, function, startingPosition, batching, failureHandling);
    }

    public EventSourceMapping with(StartingPosition startingPosition) {
        return new EventSourceMapping(name, stream, function, startingPosition, batching, failureHandling);
    }

    public EventSourceMapping with(Batching batching) {
        return new EventSourceMapping(name, stream, function, startingPosition, batching, failureHandling);
    }

    public EventSourceMapping with(FailureHandling failureHandling) {
        return new EventSourceMapping(name, stream, function, startingPosition, batching, failureHandling);
    }
}
