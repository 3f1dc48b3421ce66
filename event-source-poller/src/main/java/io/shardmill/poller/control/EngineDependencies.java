package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.runtime.FunctionCatalog;
import java.time.InstantSource;

/** The parts that an engine depends on. They belong to the caller and outlive the engine. */
public record EngineDependencies(
        StreamCatalog streams,
        FunctionCatalog functions,
        Destinations destinations,
        EngineStores stores,
        InstantSource clock) {

    /** Uses a store of mappings that lasts as long as this object. */
    public EngineDependencies(
            StreamCatalog streams,
            FunctionCatalog functions,
            Destinations destinations,
            CheckpointStore checkpoints,
            InstantSource clock) {
        this(
                streams,
                functions,
                destinations,
                new EngineStores(checkpoints, new InMemoryMappingStore(checkpoints)),
                clock);
    }
}
