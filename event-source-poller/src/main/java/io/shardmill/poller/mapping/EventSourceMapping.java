package io.shardmill.poller.mapping;

import io.shardmill.poller.stream.StartingPosition;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A function fed from a stream (Lambda's {@code CreateEventSourceMapping}). Immutable and valid.
 *
 * @param name identifies the mapping and its checkpoints: letters, digits, {@code - _ .}, at most 64
 * @param source may have filters or the mapping a tumbling window, not both (spec case 22)
 * @param function the function's name; compositions such as {@code parse|store} included
 */
public record EventSourceMapping(
        String name,
        EventSource source,
        String function,
        Batching batching,
        FailureHandling failureHandling,
        MappingLabels labels) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    public EventSourceMapping {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidMappingException(
                    "name", "'" + name + "'", "must be 1 to 64 letters, digits, '-', '_' or '.'");
        }
        if (function.isBlank()) {
            throw new InvalidMappingException("function", "'" + function + "'", "must name a function");
        }
        if (batching.hasTumblingWindow() && !source.filters().isEmpty()) {
            throw new InvalidMappingException(
                    "tumbling-window",
                    batching.tumblingWindow(),
                    "does not go with filters, as on Lambda. Leave out one of them");
        }
        if (batching.hasTumblingWindow() && failureHandling.transactional()) {
            throw new InvalidMappingException(
                    "transactional",
                    true,
                    "does not go with tumbling-window, whose state is saved after the function's transaction. Leave out one of"
                            + " them");
        }
    }

    /** A mapping without labels. */
    public EventSourceMapping(
            String name, EventSource source, String function, Batching batching, FailureHandling failureHandling) {
        this(name, source, function, batching, failureHandling, MappingLabels.NONE);
    }

    /** A mapping with Lambda's defaults, from TRIM_HORIZON, onto the function of its own name. */
    public static EventSourceMapping of(String name, String stream) {
        return new EventSourceMapping(
                name,
                new EventSource(stream, new StartingPosition.TrimHorizon()),
                name,
                Batching.defaults(),
                FailureHandling.defaults());
    }

    /** The UUID Lambda's interfaces know a mapping of this name by: the name itself if it is one, else one made of it. */
    public static UUID uuidOf(String name) {
        return UUID_TEXT.matcher(name).matches()
                ? UUID.fromString(name)
                : UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Names it for people: its name, and its function beside a UUID, which Lambda's interfaces give for a name. */
    public String label() {
        return label(name, function);
    }

    /** Names a mapping for people, as {@link #label()} does. */
    public static String label(String name, String function) {
        return UUID_TEXT.matcher(name).matches() ? name + " (function " + function + ")" : name;
    }

    public String stream() {
        return source.stream();
    }

    public StartingPosition startingPosition() {
        return source.startingPosition();
    }

    public FilterCriteria filters() {
        return source.filters();
    }

    public EventSourceMapping with(EventSource source) {
        return new EventSourceMapping(name, source, function, batching, failureHandling, labels);
    }

    public EventSourceMapping with(StartingPosition startingPosition) {
        return with(new EventSource(source.stream(), startingPosition, source.filters()));
    }

    public EventSourceMapping with(FilterCriteria filters) {
        return with(new EventSource(source.stream(), source.startingPosition(), filters));
    }

    public EventSourceMapping withFunction(String function) {
        return new EventSourceMapping(name, source, function, batching, failureHandling, labels);
    }

    public EventSourceMapping with(Batching batching) {
        return new EventSourceMapping(name, source, function, batching, failureHandling, labels);
    }

    public EventSourceMapping with(FailureHandling failureHandling) {
        return new EventSourceMapping(name, source, function, batching, failureHandling, labels);
    }

    public EventSourceMapping with(MappingLabels labels) {
        return new EventSourceMapping(name, source, function, batching, failureHandling, labels);
    }
}
