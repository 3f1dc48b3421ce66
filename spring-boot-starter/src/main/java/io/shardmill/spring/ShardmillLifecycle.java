package io.shardmill.spring;

import io.shardmill.poller.control.Engine;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.runtime.UnusableFunctionException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the mappings, configured ones and those that were created at run time, when everything else of the
 * application runs, and stops them before anything else stops: in the last phase there is, after the web server's own
 * and before its graceful shutdown, so that functions find all they use, and the last checkpoints their database. Stopped and started again, mappings
 * go on from their checkpoints.
 */
public final class ShardmillLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ShardmillLifecycle.class);

    private final Engine engine;
    private final List<MappingDefinition> definitions;
    private final Set<String> names;
    private final UnclaimedCheckpoints unclaimed;
    private volatile boolean running;

    /** @param names of all mappings, also those that are not started, and of those they were before */
    ShardmillLifecycle(
            Engine engine, List<MappingDefinition> definitions, Set<String> names, UnclaimedCheckpoints unclaimed) {
        this.engine = engine;
        this.names = Set.copyOf(names);
        this.unclaimed = unclaimed;
        this.definitions = List.copyOf(definitions);
    }

    /** @throws ShardmillConfigurationException if a mapping names something that is not there */
    @Override
    public void start() {
        running = true;
        definitions.forEach(unclaimed::nameThoseOfOtherNamespaces);
        definitions.forEach(this::start);
        engine.mappings().startStored();
        unclaimed.nameThoseOfOthersThan(names, engine.mappings());
        List<String> started = engine.mappings().list().stream()
                .map(mapping -> mapping.mapping().label())
                .toList();
        if (!started.isEmpty()) {
            LOG.info("Started mappings {}; they run until the application is stopped", started);
        }
    }

    private void start(MappingDefinition definition) {
        if (definition.options().replay() != null) {
            LOG.warn(
                    "Mapping '{}' replays from {}, and will at every start until its replay property is taken away",
                    definition.mapping().name(),
                    definition.options().replay());
        }
        try {
            engine.mappings().start(definition.mapping(), definition.options());
        } catch (InvalidMappingException invalid) {
            throw ShardmillConfigurationException.under(definition.origin(), invalid);
        } catch (UnusableFunctionException unusable) {
            throw new ShardmillConfigurationException(definition.origin() + ".function", unusable);
        } catch (IllegalArgumentException | StreamNotFoundException invalid) {
            throw new ShardmillConfigurationException(definition.origin(), invalid);
        }
    }

    /** Waits for running invocations, at most for the shutdown timeout. */
    @Override
    public void stop() {
        engine.stop();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
