package io.shardmill.spring;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shardmill.poller.control.MappingObservers;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.core.annotation.Order;

/** The meters of all mappings; innermost of our interceptors, so that only the function is timed. */
@Order(MappingMetrics.ORDER)
final class MappingMetrics implements MappingObservers, InvocationInterceptor {

    static final int ORDER = 0;

    private final MeterRegistry registry;
    private final Supplier<Mappings> mappings;
    private final Map<String, Registered> meters = new ConcurrentHashMap<>();

    /** The meters of a mapping as it was when they were registered. */
    private record Registered(EventSourceMapping mapping, MappingMeters meters) {

        boolean isOf(EventSourceMapping other) {
            return mapping.function().equals(other.function())
                    && mapping.stream().equals(other.stream());
        }
    }

    /** @param mappings asked when a gauge is read; not before they are there */
    MappingMetrics(MeterRegistry registry, Supplier<Mappings> mappings) {
        this.registry = registry;
        this.mappings = mappings;
    }

    /** Another function is another tag: the meters begin anew with it. */
    @Override
    public ShardObserver observe(EventSourceMapping mapping) {
        return meters.compute(mapping.name(), (name, known) -> {
                    if (known != null && known.isOf(mapping)) {
                        return known;
                    }
                    if (known != null) {
                        remove(mapping);
                    }
                    return new Registered(mapping, register(mapping));
                })
                .meters();
    }

    private MappingMeters register(EventSourceMapping mapping) {
        Tags tags = Tags.of("mapping", mapping.name(), "function", mapping.function(), "stream", mapping.stream());
        new MappingGauges(() -> new MappingReports(mappings.get()).one(mapping.name())).register(registry, tags);
        return new MappingMeters(registry, tags);
    }

    @Override
    public void forget(EventSourceMapping mapping) {
        meters.remove(mapping.name());
        remove(mapping);
    }

    /** Removes the meters of the mapping's observations, too. */
    private void remove(EventSourceMapping mapping) {
        registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id ->
                        id.getName().startsWith("shardmill.") && mapping.name().equals(id.getTag("mapping")))
                .forEach(registry::remove);
    }

    @Override
    public Answer around(Invocation invocation, InvocableFunction function) throws Exception {
        long start = System.nanoTime();
        try {
            return function.invoke(invocation);
        } finally {
            Registered known = meters.get(invocation.mapping());
            if (known != null) {
                known.meters().ran(System.nanoTime() - start);
            }
        }
    }
}
