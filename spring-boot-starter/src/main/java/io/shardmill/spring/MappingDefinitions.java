package io.shardmill.spring;

import io.shardmill.poller.control.Replay;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSource;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.spring.ShardmillProperties.FunctionResponseType;
import io.shardmill.spring.ShardmillProperties.Mapping;
import io.shardmill.spring.ShardmillProperties.StartingPositionType;
import io.shardmill.spring.ShardmillProperties.Stream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes mappings of properties and beans, and says which property is wrong if one is. */
final class MappingDefinitions {

    private static final Logger LOG = LoggerFactory.getLogger(MappingDefinitions.class);
    private static final String MAPPINGS = "shardmill.mappings.";
    private static final Duration WINDOW_ON_KAFKA = Duration.ofMillis(500);
    private static final Duration FOREVER = Duration.ofSeconds(-1);

    private final ShardmillProperties properties;
    private final InstantSource clock;

    MappingDefinitions(ShardmillProperties properties, InstantSource clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /** @throws ShardmillConfigurationException if properties break rules, with all of them */
    List<MappingDefinition> with(List<EventSourceMapping> beans) {
        List<MappingDefinition> definitions = new ArrayList<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.mappings().forEach((name, mapping) -> {
            try {
                MappingDefinition definition = definition(name, mapping);
                if (mapping.enabled()) {
                    definitions.add(definition);
                } else {
                    LOG.info("Mapping '{}' is not started: {}{}.enabled is false", name, MAPPINGS, name);
                }
            } catch (ShardmillConfigurationException fault) {
                faults.add(fault);
            }
        });
        for (EventSourceMapping bean : beans) {
            if (properties.mappings().containsKey(bean.name())) {
                faults.add(new ShardmillConfigurationException(
                        MAPPINGS + bean.name(), "there is an EventSourceMapping bean of the same name"));
            }
            String origin = "EventSourceMapping bean '" + bean.name() + "'";
            definitions.add(new MappingDefinition(origin, bean, new StartOptions(replayOfAll(), null, origin)));
        }
        ShardmillConfigurationException.throwIfAny(faults);
        warnOfUnusedFunctions(definitions);
        return definitions;
    }

    /** Returns the on-failure destinations that properties and beans name. */
    static Set<String> destinations(ShardmillProperties properties, Iterable<EventSourceMapping> beans) {
        Set<String> destinations = new HashSet<>();
        properties.mappings().values().stream()
                .map(Mapping::onFailure)
                .filter(Objects::nonNull)
                .forEach(destinations::add);
        for (EventSourceMapping bean : beans) {
            String destination = bean.failureHandling().destination();
            if (destination != null) {
                destinations.add(destination);
            }
        }
        return destinations;
    }

    /** Of all mappings here, started or not, and the names that they had before. */
    Set<String> names(List<EventSourceMapping> beans) {
        Set<String> names = new HashSet<>(properties.mappings().keySet());
        properties.mappings().values().stream()
                .map(Mapping::adoptCheckpointsOf)
                .filter(Objects::nonNull)
                .forEach(names::add);
        beans.forEach(bean -> names.add(bean.name()));
        return names;
    }

    private MappingDefinition definition(String name, Mapping mapping) {
        String path = MAPPINGS + name;
        checkEach(path, mapping);
        try {
            EventSourceMapping valid = new EventSourceMapping(
                    name,
                    new EventSource(
                            stream(path, mapping),
                            startingPosition(path, mapping),
                            new FilterCriteria(mapping.filters())),
                    mapping.function() == null ? name : mapping.function(),
                    new Batching(
                            mapping.batchSize(),
                            batchingWindow(mapping),
                            mapping.parallelizationFactor(),
                            mapping.tumblingWindow()),
                    failureHandling(mapping));
            Replay replay = mapping.replay() == null ? replayOfAll() : replay(path + ".replay", mapping.replay());
            return new MappingDefinition(path, valid, new StartOptions(replay, mapping.adoptCheckpointsOf(), path));
        } catch (InvalidMappingException invalid) {
            throw ShardmillConfigurationException.under(path, invalid);
        }
    }

    /** Checks each property on its own and reports all faults: a mapping as a whole reports the first one only. */
    private void checkEach(String path, Mapping mapping) {
        Batching batching = Batching.defaults();
        FailureHandling failures = FailureHandling.defaults();
        List<Runnable> checks = List.of(
                () -> stream(path, mapping),
                () -> startingPosition(path, mapping),
                () -> new FilterCriteria(mapping.filters()),
                () -> batching.withBatchSize(mapping.batchSize()),
                () -> batching.withWindow(batchingWindow(mapping)),
                () -> batching.withFactor(mapping.parallelizationFactor()),
                () -> batching.withTumblingWindow(mapping.tumblingWindow()),
                () -> failures.withMaximumRetryAttempts(mapping.maximumRetryAttempts()),
                () -> failures.withMaximumRecordAge(maximumRecordAge(mapping)),
                () -> failures.withDestination(mapping.onFailure()),
                () -> replay(path + ".replay", mapping.replay()));
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        for (Runnable check : checks) {
            try {
                check.run();
            } catch (InvalidMappingException invalid) {
                faults.add(ShardmillConfigurationException.under(path, invalid));
            } catch (ShardmillConfigurationException fault) {
                faults.add(fault);
            }
        }
        ShardmillConfigurationException.throwIfAny(faults);
    }

    private static String stream(String path, Mapping mapping) {
        if (mapping.stream() != null && mapping.topic() != null) {
            throw new ShardmillConfigurationException(
                    path + ".topic", "does not go with " + path + ".stream; leave out one of them");
        }
        String stream = mapping.topic() == null ? mapping.stream() : mapping.topic();
        if (stream == null) {
            throw new ShardmillConfigurationException(path + ".stream", "is missing: it must name the stream to read");
        }
        return stream;
    }

    /** As on Lambda, topics of Kafka have another default than other streams (spec 1.1). */
    private Duration batchingWindow(Mapping mapping) {
        if (mapping.maximumBatchingWindow() != null) {
            return mapping.maximumBatchingWindow();
        }
        return isOnKafka(mapping) ? WINDOW_ON_KAFKA : Duration.ZERO;
    }

    private boolean isOnKafka(Mapping mapping) {
        Stream stream = mapping.stream() == null ? null : properties.streams().get(mapping.stream());
        return mapping.topic() != null
                || (stream != null && stream.kafka() != null)
                || properties.mappings().values().stream()
                        .anyMatch(
                                other -> other.topic() != null && other.topic().equals(mapping.stream()));
    }

    private static @Nullable Duration maximumRecordAge(Mapping mapping) {
        return mapping.maximumRecordAge().equals(FOREVER) ? null : mapping.maximumRecordAge();
    }

    private StartingPosition startingPosition(String path, Mapping mapping) {
        String property = path + ".starting-position-timestamp";
        Instant timestamp = mapping.startingPositionTimestamp();
        if (mapping.startingPosition() == StartingPositionType.AT_TIMESTAMP) {
            if (timestamp == null) {
                throw new ShardmillConfigurationException(
                        property, "is missing: starting-position AT_TIMESTAMP needs it");
            }
            if (timestamp.isAfter(clock.instant())) {
                throw new ShardmillConfigurationException(property, timestamp + " must not be in the future");
            }
            return new StartingPosition.AtTimestamp(timestamp);
        }
        if (timestamp != null) {
            throw new ShardmillConfigurationException(
                    property, timestamp + " is only valid with starting-position AT_TIMESTAMP");
        }
        return mapping.startingPosition() == StartingPositionType.LATEST
                ? new StartingPosition.Latest()
                : new StartingPosition.TrimHorizon();
    }

    private static FailureHandling failureHandling(Mapping mapping) {
        return new FailureHandling(
                mapping.maximumRetryAttempts(),
                maximumRecordAge(mapping),
                mapping.bisectBatchOnFunctionError(),
                mapping.functionResponseTypes().contains(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES),
                mapping.onFailure(),
                mapping.transactional());
    }

    private @Nullable Replay replayOfAll() {
        return replay("shardmill.replay", properties.replay());
    }

    private static @Nullable Replay replay(String property, @Nullable String from) {
        try {
            return from == null || from.isBlank() ? null : Replay.parse(from);
        } catch (IllegalArgumentException invalid) {
            throw new ShardmillConfigurationException(property, invalid);
        }
    }

    private void warnOfUnusedFunctions(List<MappingDefinition> definitions) {
        Set<String> unused = new HashSet<>();
        properties.functions().forEach((name, function) -> {
            if (function.code() == null) { // code may be for mappings that are made at run time
                unused.add(name);
            }
        });
        definitions.forEach(definition -> unused.remove(definition.mapping().function()));
        unused.forEach(name ->
                LOG.warn("shardmill.functions.{} has no effect: no mapping invokes a function of that name", name));
    }
}
