package io.shardmill.spring;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.runtime.BatchFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function that takes the batch as it is: the very list, without a copy. */
record RecordsFunction(DeclaredFunction function, boolean reportsItemFailures) implements BatchFunction {

    @Override
    public Result invoke(List<Record> batch) {
        return call(batch);
    }

    /** Nothing returned is a success, as on Lambda (spec case 49). */
    Result call(List<?> batch) {
        @Nullable Object returned = function.call().apply(batch);
        return returned instanceof Result result ? result : Result.success();
    }
}
