package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates mappings at run time, at most one of each stream and function. Thread-safe; blocks. */
final class MappingCreation {

    private record StreamAndFunction(String stream, String function) {

        static StreamAndFunction of(EventSourceMapping mapping) {
            return new StreamAndFunction(mapping.stream(), mapping.function());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(MappingCreation.class);

    private final ControlPorts ports;
    private final MappingRegistry registry;
    private final StoredMappings stored;

    /** Those that are being created in this moment. */
    private final Map<StreamAndFunction, UUID> creating = new ConcurrentHashMap<>();

    MappingCreation(ControlPorts ports, MappingRegistry registry, StoredMappings stored) {
        this.ports = ports;
        this.registry = registry;
        this.stored = stored;
    }

    /** See {@link Mappings#create}. */
    MappingChange create(EventSourceMapping mapping, boolean enabled) {
        registry.requireFree(mapping.name());
        ports.resources().check(mapping);
        StreamSource stream = ports.resources().source(mapping);
        StreamDescription unusedListing = stream.describe();
        StreamAndFunction pair = StreamAndFunction.of(mapping);
        UUID other = creating.putIfAbsent(pair, EventSourceMapping.uuidOf(mapping.name()));
        try {
            SoleReader.require(mapping, () -> stream, existing());
            requireUnique(pair, other, stream);
            return createAlone(mapping, enabled);
        } finally {
            if (other == null) {
                creating.remove(pair);
            }
            stored.checkLater();
        }
    }

    private MappingChange createAlone(EventSourceMapping mapping, boolean enabled) {
        ManagedMapping created = stored.create(DesiredState.of(mapping, enabled, ports.now()));
        LOG.info(
                "Mapping '{}' was created from stream '{}' to function '{}'",
                mapping.name(),
                mapping.stream(),
                mapping.function());
        return new MappingChange(created.configuration().in(State.CREATING), created.settled());
    }

    private Stream<EventSourceMapping> existing() {
        Stream<EventSourceMapping> running =
                registry.all().stream().map(managed -> managed.configuration().mapping());
        return Stream.concat(running, stored.all().stream());
    }

    /** @param creating one of the same stream and function that is being created, or null */
    private void requireUnique(StreamAndFunction pair, @Nullable UUID creating, StreamSource stream) {
        UUID existing = existing()
                .filter(other -> StreamAndFunction.of(other).equals(pair))
                .map(other -> EventSourceMapping.uuidOf(other.name()))
                .findFirst()
                .orElse(creating);
        if (existing != null) {
            throw new MappingConflictException(stream.arn(), pair.function(), existing);
        }
    }
}
