package io.shardmill.poller.control;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.EventOrigin;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.BatchSender;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.Permits;
import io.shardmill.poller.shard.ShardObservers;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FunctionInvoker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams, functions and destinations of this process. */
final class LocalResources implements MappingResources {

    private static final Logger LOG = LoggerFactory.getLogger(LocalResources.class);

    /** A mapping's own turns, beside those of its invocations. */
    private static final int TURN_THREADS = 2;

    private final Engine.Surroundings surroundings;
    private final Engine.Customizations customizations;
    private final Deadlines deadlines;
    private final int maximumConcurrency;
    private final IntConsumer moreThreads;
    private final Map<String, FunctionInvoker> invokers = new ConcurrentHashMap<>();
    private final Map<String, Permits> permits = new ConcurrentHashMap<>();

    /** @param moreThreads makes room in the pool, so that a mapping's permits never take the threads of another */
    LocalResources(
            Engine.Surroundings surroundings,
            Engine.Customizations customizations,
            Deadlines deadlines,
            int maximumConcurrency,
            IntConsumer moreThreads) {
        this.surroundings = surroundings;
        this.customizations = customizations;
        this.deadlines = deadlines;
        this.maximumConcurrency = maximumConcurrency;
        this.moreThreads = moreThreads;
    }

    @Override
    public MappingPorts find(EventSourceMapping mapping) {
        StreamSource source = source(mapping);
        return new MappingPorts(
                source,
                EventOrigin.of(source.arn()),
                new FunctionBatchInvoker(
                        () -> function(mapping.function()),
                        mapping.failureHandling().reportBatchItemFailures()),
                sender(mapping.failureHandling().destination()),
                permits.computeIfAbsent(mapping.name(), name -> permits()),
                new ShardObservers(List.of(
                        new MappingLog(mapping), customizations.observers().apply(mapping))));
    }

    @Override
    public void check(EventSourceMapping mapping) {
        FunctionInvoker function = function(mapping.function());
        if (mapping.failureHandling().reportBatchItemFailures() && !function.reportsItemFailures()) {
            LOG.warn(
                    "Mapping '{}' has function-response-types ReportBatchItemFailures, but function '{}' returns no"
                            + " Result: what it returns can't name failed records, so any return is a success",
                    mapping.name(),
                    mapping.function());
        }
        StreamSource unusedSource = source(mapping);
        BatchSender unusedSender = sender(mapping.failureHandling().destination());
    }

    private StreamSource source(EventSourceMapping mapping) {
        return surroundings
                .streams()
                .find(mapping.stream())
                .orElseThrow(() -> new StreamNotFoundException("Mapping '" + mapping.name()
                        + "': nothing here serves a stream named '" + mapping.stream() + "'"));
    }

    private FunctionInvoker function(String name) {
        FunctionInvoker known = invokers.get(name);
        return known != null ? known : invokers.computeIfAbsent(name, this::invoker);
    }

    private FunctionInvoker invoker(String name) {
        return new FunctionInvoker(
                name,
                surroundings.functions().find(name),
                customizations.functionSettings().apply(name),
                deadlines,
                customizations.interceptor());
    }

    private Permits permits() {
        moreThreads.accept(maximumConcurrency + TURN_THREADS);
        return new Permits(maximumConcurrency);
    }

    private @Nullable BatchSender sender(@Nullable String name) {
        if (name == null) {
            return null;
        }
        OnFailureDestination destination = surroundings.destinations().require(name);
        return new DestinationSender(destination, deadlines);
    }
}
