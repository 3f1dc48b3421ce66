package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.InvocationOutcome.PartlyFailed;
import io.shardmill.runtime.InvocationOutcome.Succeeded;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads which records of its batch a function reported as failed (spec 5.2). */
final class BatchReport {

    private BatchReport() {}

    /** Anything that is not in the batch fails all of it. */
    static InvocationOutcome read(Result result, List<Record> batch, FaultText faults) {
        if (result instanceof Result.FailedIndexes failed && !failed.indexes().isEmpty()) {
            int unknown = (int) failed.indexes().stream()
                    .filter(index -> index < 0 || index >= batch.size())
                    .count();
            return partlyFailed(Collections.min(failed.indexes()), unknown, result, faults);
        } else if (result instanceof Result.FailedRecords failed
                && !failed.numbers().isEmpty()) {
            return partlyFailed(failed, batch, faults);
        }
        return Succeeded.WITHOUT_STATE;
    }

    /** A number alone names all records of the batch that were unpacked from its record: Lambda's events show no other. */
    private static PartlyFailed partlyFailed(Result.FailedRecords failed, List<Record> batch, FaultText faults) {
        Set<SequenceNumber> named = new HashSet<>(failed.numbers());
        Set<SequenceNumber> found = new HashSet<>();
        int first = batch.size();
        for (int index = batch.size() - 1; index >= 0; index--) {
            SequenceNumber number = batch.get(index).sequenceNumber();
            for (SequenceNumber name : List.of(number, number.withSubSequence(0))) {
                if (named.contains(name)) {
                    found.add(name);
                    first = index;
                }
            }
        }
        return partlyFailed(first, named.size() - found.size(), failed, faults);
    }

    /** @param unknown how many records are named that are not in the batch: any fails all of it */
    private static PartlyFailed partlyFailed(int first, int unknown, Result result, FaultText faults) {
        Throwable cause = result.cause();
        String reason = cause == null ? null : faults.describe(cause);
        if (reason == null && unknown > 0) {
            reason = "invalid report, so the whole batch fails: it names records that are not in the batch (" + unknown
                    + ")";
        }
        return new PartlyFailed(unknown > 0 ? 0 : first, null, Answer.LATEST, reason);
    }
}
