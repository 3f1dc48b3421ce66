package io.shardmill.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.shardmill.function.InvocationContext;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import java.util.List;
import org.springframework.core.annotation.Order;

/** Each invocation as an observation {@code shardmill.invocation}: a span, if the application traces. */
@Order(ObservedInvocations.ORDER)
final class ObservedInvocations implements InvocationInterceptor {

    static final int ORDER = -100;

    private final ObservationRegistry registry;

    ObservedInvocations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Result around(Invocation invocation, BatchFunction function, List<Record> batch) throws Exception {
        if (registry.isNoop()) {
            return function.invoke(batch);
        }
        String name = InvocationContext.current().functionName();
        Observation observation = Observation.createNotStarted("shardmill.invocation", registry)
                .contextualName("invoke " + name)
                .lowCardinalityKeyValue("mapping", invocation.mapping())
                .lowCardinalityKeyValue("function", name)
                .highCardinalityKeyValue("shard", invocation.shard().toString())
                .highCardinalityKeyValue("lane", Integer.toString(invocation.lane()))
                .highCardinalityKeyValue("requestId", invocation.attempt().requestId())
                .highCardinalityKeyValue(
                        "attempt", Integer.toString(invocation.attempt().number()))
                .start();
        Observation.Scope scope = observation.openScope();
        try {
            return function.invoke(batch);
        } catch (Throwable failure) {
            observation.error(failure);
            throw failure;
        } finally {
            scope.close();
            observation.stop();
        }
    }
}
