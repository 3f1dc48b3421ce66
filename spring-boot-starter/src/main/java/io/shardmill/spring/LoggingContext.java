package io.shardmill.spring;

import io.shardmill.function.InvocationContext;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import java.util.Map;
import org.slf4j.MDC;
import org.springframework.core.annotation.Order;

/** Says in the MDC which mapping, function, shard, lane and request a function's log lines belong to; restores it afterwards. */
@Order(LoggingContext.ORDER)
final class LoggingContext implements InvocationInterceptor {

    static final int ORDER = -200;

    @Override
    public Answer around(Invocation invocation, InvocableFunction function) throws Exception {
        Map<String, String> before = MDC.getCopyOfContextMap();
        MDC.put("mapping", invocation.mapping());
        MDC.put("function", InvocationContext.current().functionName());
        MDC.put("shard", invocation.shard().id());
        MDC.put("lane", Integer.toString(invocation.lane()));
        MDC.put("requestId", invocation.attempt().requestId());
        try {
            return function.invoke(invocation);
        } finally {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        }
    }
}
