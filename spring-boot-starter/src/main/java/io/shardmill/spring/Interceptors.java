package io.shardmill.spring;

import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
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
                    : (invocation, function) -> outer.around(invocation, new Inner(inner, function));
        }
        return chain;
    }

    private record Inner(InvocationInterceptor interceptor, InvocableFunction function) implements InvocableFunction {

        @Override
        public Answer invoke(Invocation invocation) throws Exception {
            return interceptor.around(invocation, function);
        }

        @Override
        public boolean reportsItemFailures() {
            return function.reportsItemFailures();
        }
    }
}
