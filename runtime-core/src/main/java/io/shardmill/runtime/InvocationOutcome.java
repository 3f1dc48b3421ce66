package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came of an invocation: a closed set, with what follows from each on the type (spec 6.1). */
public sealed interface InvocationOutcome {

    String UNHANDLED = "Unhandled";

    /** Whether it is a failure that uses up one of {@code maximum-retry-attempts}, and may be answered by splitting the batch. */
    boolean counts();

    /** Whether the function ran: then a destination is told what it answered. */
    boolean reachedFunction();

    /** {@code Unhandled} if the function threw or ran out of time, as Lambda names it; else null. */
    default @Nullable String functionError() {
        return null;
    }

    /** In a few words for people: the state of the last attempt in a log, a page or an event. */
    String describe();

    /** The function returned and all records are done. */
    record Succeeded() implements InvocationOutcome {
        @Override
        public boolean counts() {
            return false;
        }

        @Override
        public boolean reachedFunction() {
            return true;
        }

        @Override
        public String describe() {
            return "succeeded";
        }
    }

    /**
     * The function returned and reported failed records. The records before {@code firstFailed} are done.
     *
     * @param firstFailed index in the batch; 0, no progress, is an ordinary failed attempt, and so is a
     *     report that names something that is not in the batch
     */
    record PartlyFailed(int firstFailed) implements InvocationOutcome {
        @Override
        public boolean counts() {
            return firstFailed == 0;
        }

        @Override
        public boolean reachedFunction() {
            return true;
        }

        @Override
        public String describe() {
            return "reported batch item failures from record " + firstFailed;
        }
    }

    /**
     * The function threw.
     *
     * @param text {@code cause} in words, made once: an exception's own methods are the function's code
     */
    record FunctionFailed(Throwable cause, String text) implements InvocationOutcome {

        /** To be made on the function's thread. */
        public FunctionFailed(Throwable cause) {
            this(cause, Outcomes.text(cause));
        }

        @Override
        public boolean counts() {
            return true;
        }

        @Override
        public boolean reachedFunction() {
            return true;
        }

        @Override
        public String describe() {
            return text;
        }

        @Override
        public String functionError() {
            return UNHANDLED;
        }
    }

    /** The function did not return before its deadline, whatever it returned later. */
    record TimedOut(long millis) implements InvocationOutcome {
        @Override
        public boolean counts() {
            return true;
        }

        @Override
        public boolean reachedFunction() {
            return true;
        }

        @Override
        public String describe() {
            return "timed out after " + millis + " ms";
        }

        @Override
        public String functionError() {
            return UNHANDLED;
        }
    }

    /** The batch never reached the function: throttled, the function is missing, its environment failed. */
    record NotInvoked(String reason) implements InvocationOutcome {
        @Override
        public boolean counts() {
            return false;
        }

        @Override
        public boolean reachedFunction() {
            return false;
        }

        @Override
        public String describe() {
            return "not invoked: " + reason;
        }
    }

    /** A single record whose event alone exceeds Lambda's 6 MB never reaches the function (spec 3.8). */
    record TooLarge(long bytes) implements InvocationOutcome {
        @Override
        public boolean counts() {
            return true;
        }

        @Override
        public boolean reachedFunction() {
            return false;
        }

        @Override
        public String describe() {
            return "not invoked: the event would be " + bytes + " bytes, more than Lambda's 6 MB";
        }
    }

    /** Reads a report against its batch (spec 5.2): anything that is not in the batch fails all of it. */
    static InvocationOutcome of(Result result, List<Record> batch) {
        int first = batch.size();
        if (result instanceof Result.FailedIndexes failed) {
            for (int index : failed.indexes()) {
                first = Math.min(first, index < 0 || index >= batch.size() ? 0 : index);
            }
        } else if (result instanceof Result.FailedRecords failed) {
            first = firstOf(failed, batch);
        }
        return first == batch.size() ? Outcomes.SUCCEEDED : new PartlyFailed(first);
    }

    private static int firstOf(Result.FailedRecords failed, List<Record> batch) {
        Set<SequenceNumber> missing = new HashSet<>(failed.numbers());
        int first = batch.size();
        for (int index = batch.size() - 1; index >= 0; index--) {
            if (missing.remove(batch.get(index).sequenceNumber())) {
                first = index;
            }
        }
        return missing.isEmpty() ? first : 0;
    }
}
