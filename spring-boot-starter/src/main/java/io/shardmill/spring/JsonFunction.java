package io.shardmill.spring;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.InvocationOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function, or a composition's first one, over values that are read from the records. A record that can't be read fails as
 * that record, whatever the function returns: those before it are delivered first. What the function throws fails the batch.
 */
record JsonFunction(RecordsFunction function, RecordReader reader) implements BatchFunction {

    @Override
    public boolean reportsItemFailures() {
        return true;
    }

    @Override
    public Result invoke(List<Record> batch) {
        List<@Nullable Object> values = new ArrayList<>(batch.size());
        for (Record record : batch) {
            try {
                values.add(reader.read(record));
            } catch (UnreadableRecordException unreadable) {
                return failedFrom(values, batch, unreadable);
            }
        }
        return function.call(values);
    }

    private Result failedFrom(List<@Nullable Object> before, List<Record> batch, UnreadableRecordException unreadable) {
        int failed = before.size();
        if (failed == 0) {
            return Result.failedFrom(0, unreadable);
        }
        Result result = function.call(before);
        if (InvocationOutcome.of(result, batch.subList(0, failed)) instanceof InvocationOutcome.PartlyFailed earlier) {
            return new Result.FailedIndexes(List.of(earlier.firstFailed()), result.cause());
        }
        return Result.failedFrom(failed, unreadable);
    }
}
