package io.shardmill.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.shardmill.function.InvocationContext;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import org.springframework.core.annotation.Order;

/** Each invocation as an observation {@code shardmill.invocation}: a span, if the application traces. */
@Order(ObservedInvocations.ORDER)
final class ObservedInvocations implements InvocationInterceptor {

    static final int ORDER = -100;

    private static final String ERROR_TYPE = "errorType";

    private final ErrorTypes types = new ErrorTypes();
    private final ObservationRegistry registry;

    ObservedInvocations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Answer around(Invocation invocation, InvocableFunction function) throws Exception {
        if (registry.isNoop()) {
            return function.invoke(invocation);
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
            Answer answer = function.invoke(invocation);
            observation.lowCardinalityKeyValue(ERROR_TYPE, ErrorTypes.NONE);
            return answer;
        } catch (Throwable failure) {
            observation.lowCardinalityKeyValue(ERROR_TYPE, types.of(failure));
            observation.error(failure);
            throw failure;
        } finally {
            scope.close();
            observation.stop();
        }
    }
}
