package io.shardmill.spring;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import java.util.List;

/** Several interceptors as one, the first outermost. */
final class Interceptors {

    private Interceptors() {}

    static InvocationInterceptor chain(List<InvocationInterceptor> interceptors) {
        InvocationInterceptor chain = InvocationInterceptor.NONE;
        for (int index = interceptors.size() - 1; index >= 0; index--) {
            InvocationInterceptor outer = interceptors.get(index);
            InvocationInterceptor inner = chain;
            chain = inner == InvocationInterceptor.NONE
                    ? outer
                    : (invocation, function, batch) ->
                            outer.around(invocation, new Inner(invocation, inner, function), batch);
        }
        return chain;
    }

    private record Inner(Invocation invocation, InvocationInterceptor interceptor, BatchFunction function)
            implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) throws Exception {
            return interceptor.around(invocation, function, batch);
        }

        @Override
        public boolean reportsItemFailures() {
            return function.reportsItemFailures();
        }
    }
}
