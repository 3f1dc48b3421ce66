package io.shardmill.spring;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
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
    private final Map<String, MappingMeters> meters = new ConcurrentHashMap<>();

    /** @param mappings asked when a gauge is read; not before they are there */
    MappingMetrics(MeterRegistry registry, Supplier<Mappings> mappings) {
        this.registry = registry;
        this.mappings = mappings;
    }

    @Override
    public ShardObserver observe(EventSourceMapping mapping) {
        return of(mapping.name());
    }

    private MappingMeters of(String mapping) {
        MappingMeters known = meters.get(mapping);
        return known != null ? known : meters.computeIfAbsent(mapping, this::register);
    }

    private MappingMeters register(String mapping) {
        new MappingGauges(() -> new MappingReports(mappings.get()).one(mapping)).register(registry, mapping);
        return new MappingMeters(registry, mapping);
    }

    /** Removes the meters of the mapping's observations, too. */
    @Override
    public void forget(EventSourceMapping mapping) {
        meters.remove(mapping.name());
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
            of(invocation.mapping()).ran(System.nanoTime() - start);
        }
    }
}
