package io.shardmill.function;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The thread's invocation; nests, so that a function may call another one in a context of its own. */
final class CurrentInvocation {

    private static final ThreadLocal<@Nullable InvocationContext> CURRENT = new ThreadLocal<>();

    private CurrentInvocation() {}

    static @Nullable InvocationContext get() {
        return CURRENT.get();
    }

    static <T> T call(InvocationContext context, Callable<T> body) throws Exception {
        InvocationContext outer = CURRENT.get();
        CURRENT.set(context);
        try {
            return body.call();
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }
}
