package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import java.util.List;

/** A function over a batch of records that needs to know nothing else of its invocation. */
public interface BatchFunction extends InvocableFunction {

    /**
     * Runs the function on the calling thread. Whatever it throws, {@code Error}s included, fails the batch.
     *
     * @return what it reports of the batch; {@link Result#success()} of a function that reports nothing
     */
    Result invoke(List<Record> batch) throws Exception;

    @Override
    default Windows windows() {
        return Windows.NEVER;
    }

    @Override
    default Answer invoke(Invocation invocation) throws Exception {
        return Answer.of(invoke(invocation.records()));
    }
}
