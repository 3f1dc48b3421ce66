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

    /** The function's version that ran: {@code $LATEST}, or the number of a published one. */
    default String executedVersion() {
        return Answer.LATEST;
    }

    /** The same of another version of the function; told to destinations, so only failures keep it. */
    default InvocationOutcome executedBy(String version) {
        return this;
    }

    /** The tumbling window's new state, if the invocation belonged to one and some of its records are done; else null. */
    default @Nullable String state() {
        return null;
    }

    /** In a few words for people: the state of the last attempt in a log, a page or an event. */
    String describe();

    /** The function returned and all records are done. */
    record Succeeded(@Nullable String state) implements InvocationOutcome {

        /** Outside of any window. */
        public Succeeded() {
            this(null);
        }

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

        /** The state stays out of logs, as records do. */
        @Override
        public String toString() {
            return "Succeeded[]";
        }
    }

    /**
     * The function returned and reported failed records. The records before {@code firstFailed} are done.
     *
     * @param firstFailed index in the batch; 0, no progress, is an ordinary failed attempt, and so is a
     *     report that names something that is not in the batch
     * @param state of a tumbling window: kept if {@code firstFailed} is not 0. The records before it are not delivered
     *     again, so the function must have put just those into it
     */
    record PartlyFailed(int firstFailed, @Nullable String state, String executedVersion) implements InvocationOutcome {

        /** Of {@code $LATEST}. */
        public PartlyFailed(int firstFailed, @Nullable String state) {
            this(firstFailed, state, Answer.LATEST);
        }

        /** Outside of any window. */
        public PartlyFailed(int firstFailed) {
            this(firstFailed, null);
        }

        @Override
        public InvocationOutcome executedBy(String version) {
            return new PartlyFailed(firstFailed, state, version);
        }

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

        @Override
        public String toString() {
            return "PartlyFailed[" + firstFailed + "]";
        }
    }

    /** The function returned no state in a tumbling window, which is a failed attempt (spec 5.4). */
    record StateMissing(String executedVersion) implements InvocationOutcome {

        @Override
        public InvocationOutcome executedBy(String version) {
            return new StateMissing(version);
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
            return "returned no state, which a function of a tumbling window has to at every invocation";
        }
    }

    /**
     * The function threw.
     *
     * @param text {@code cause} in words, made once: an exception's own methods are the function's code
     */
    record FunctionFailed(Throwable cause, String text, String executedVersion) implements InvocationOutcome {

        /** Of {@code $LATEST}; to be made on the function's thread. */
        public FunctionFailed(Throwable cause) {
            this(cause, Outcomes.text(cause), Answer.LATEST);
        }

        @Override
        public InvocationOutcome executedBy(String version) {
            return new FunctionFailed(cause, text, version);
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
    record TimedOut(long millis, String executedVersion) implements InvocationOutcome {

        /** Of {@code $LATEST}. */
        public TimedOut(long millis) {
            this(millis, Answer.LATEST);
        }

        @Override
        public InvocationOutcome executedBy(String version) {
            return new TimedOut(millis, version);
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
            return "timed out after " + millis + " ms";
        }

        @Override
        public String functionError() {
            return UNHANDLED;
        }
    }

    /**
     * The batch never reached the function: throttled, the function is missing, its environment failed.
     *
     * @param isInternal whether Shardmill itself failed, for instance because its memory was full: health reports that
     */
    record NotInvoked(String reason, boolean isInternal) implements InvocationOutcome {

        /** Not for a fault of Shardmill's. */
        public NotInvoked(String reason) {
            this(reason, false);
        }

        /** For a fault of Shardmill's. */
        public static NotInvoked internal(Throwable fault) {
            return new NotInvoked(reasonOf(fault), true);
        }

        static String reasonOf(Throwable fault) {
            return fault instanceof OutOfMemoryError
                    ? "out of memory (" + fault.getMessage() + ")"
                    : "internal error: " + Outcomes.text(fault);
        }

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

    /**
     * Reads what the function returned against its invocation.
     *
     * @param reportFailures whether its report counts; without it any return is a success (spec 5.1)
     */
    static InvocationOutcome of(Answer answer, Invocation invocation, boolean reportFailures) {
        boolean inWindow = invocation.window() != null;
        if (inWindow && answer.state() == null) {
            return new StateMissing(Answer.LATEST);
        }
        InvocationOutcome outcome = reportFailures ? of(answer.result(), invocation.records()) : Outcomes.SUCCEEDED;
        if (!inWindow) {
            return outcome;
        }
        return outcome instanceof PartlyFailed partly
                ? new PartlyFailed(partly.firstFailed(), answer.state())
                : new Succeeded(answer.state());
    }

    /** Reads a report against its batch (spec 5.2): anything that is not in the batch fails all of it. */
    static InvocationOutcome of(Result result, List<Record> batch) {
        if (result instanceof Result.FailedIndexes failed && !failed.indexes().isEmpty()) {
            return new PartlyFailed(firstOf(failed, batch));
        } else if (result instanceof Result.FailedRecords failed
                && !failed.numbers().isEmpty()) {
            return new PartlyFailed(firstOf(failed, batch));
        }
        return Outcomes.SUCCEEDED;
    }

    private static int firstOf(Result.FailedIndexes failed, List<Record> batch) {
        int first = batch.size();
        for (int index : failed.indexes()) {
            first = Math.min(first, index < 0 || index >= batch.size() ? 0 : index);
        }
        return first;
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
