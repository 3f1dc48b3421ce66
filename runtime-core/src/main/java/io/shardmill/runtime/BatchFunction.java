package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import java.util.List;

/** A function over a batch of records. Called by several threads at once. */
public interface BatchFunction {

    /**
     * Runs the function on the calling thread. Whatever it throws, {@code Error}s included, fails the batch.
     *
     * @return what it reports of the batch; {@link Result#success()} of a function that reports nothing
     */
    Result invoke(List<Record> batch) throws Exception;

    /** Whether its declared return type is {@link Result}: then its report counts without any further setting. */
    boolean reportsItemFailures();
}
