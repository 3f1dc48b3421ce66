package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.StreamSource;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Refuses a second mapping of a stream that only one can read. */
final class SoleReader {

    private SoleReader() {}

    /** @throws InvalidMappingException if one of the others has the mapping's stream, and that is for one mapping */
    static void require(EventSourceMapping mapping, Supplier<StreamSource> source, Stream<EventSourceMapping> others) {
        others.filter(other ->
                        other.stream().equals(mapping.stream()) && !other.name().equals(mapping.name()))
                .findFirst()
                .filter(other -> source.get().isForOneMapping())
                .ifPresent(other -> {
                    throw new InvalidMappingException(
                            "stream",
                            "'" + mapping.stream() + "'",
                            "is read by mapping '" + other.name()
                                    + "' as a registered consumer, which is for one mapping;"
                                    + " give this one an entry of its own in shardmill.streams, with a consumer of its own");
                });
    }
}
