package io.shardmill.benchmarks;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The engine without Spring, its functions called directly. */
final class EngineRuntime implements RuntimeUnderTest {

    private final Engine engine;

    EngineRuntime(StreamCatalog streams, Map<String, BatchFunction> functions, CheckpointStore checkpoints) {
        this(streams, functions, checkpoints, Map.of());
    }

    EngineRuntime(
            StreamCatalog streams,
            Map<String, BatchFunction> functions,
            CheckpointStore checkpoints,
            Map<String, OnFailureDestination> destinations) {
        engine = new Engine(
                EngineSettings.defaults("benchmarks"),
                new EngineDependencies(
                        streams,
                        name -> find(functions, name),
                        new Destinations(destinations, List.of()),
                        checkpoints,
                        Clock.systemUTC()),
                Engine.Customizations.none());
    }

    private static BatchFunction find(Map<String, BatchFunction> functions, String name) {
        BatchFunction function = functions.get(name);
        if (function == null) {
            throw new UnusableFunctionException("No function '" + name + "'; there are " + functions.keySet());
        }
        return function;
    }

    @Override
    public Mappings mappings() {
        return engine.mappings();
    }

    @Override
    public void close() {
        engine.close();
    }
}
