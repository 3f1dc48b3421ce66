package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import java.util.List;

/** Wraps each call of the user's function: observation, logging context. Runs on the function's thread. */
public interface InvocationInterceptor {

    InvocationInterceptor NONE = (invocation, function, batch) -> function.invoke(batch);

    /** Calls {@code function} once and returns, or throws, what it did. */
    Result around(Invocation invocation, BatchFunction function, List<Record> batch) throws Exception;
}
