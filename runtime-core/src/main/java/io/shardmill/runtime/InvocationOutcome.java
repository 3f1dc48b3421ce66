package io.shardmill.runtime;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of an invocation: a closed set, with what follows from each on the type (spec 6.1). */
public sealed interface InvocationOutcome {

    /** Whether it is a failure that uses up one of {@code maximum-retry-attempts}, and may be answered by splitting the batch. */
    boolean consumesAttempt();

    /** Returns whether the function ran: then the document for a destination has its answer. */
    boolean reachedFunction();

    /** Returns {@code Unhandled} if the function threw or ran out of time, as Lambda names it; else null. */
    default @Nullable String functionError() {
        return null;
    }

    /** Returns the function's version that ran: {@code $LATEST}, or the number of a published one. */
    default String executedVersion() {
        return Answer.LATEST;
    }

    /** Returns the same of another version of the function. Destinations report it, so only failures keep it. */
    InvocationOutcome executedBy(String version);

    /** Returns the tumbling window's new state, if the invocation belonged to one and some of its records are done; else null. */
    default @Nullable String state() {
        return null;
    }

    /** Describes the outcome in a few words for people, in a log, a page or an event. */
    String describe();

    /** The function returned and all records are done. */
    record Succeeded(@Nullable String state) implements InvocationOutcome {

        static final Succeeded WITHOUT_STATE = new Succeeded();

        /** Outside of any window. */
        public Succeeded() {
            this(null);
        }

        @Override
        public boolean consumesAttempt() {
            return false;
        }

        @Override
        public boolean reachedFunction() {
            return true;
        }

        @Override
        public InvocationOutcome executedBy(String version) {
            return this;
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
     * @param reason why they failed, in words that were made once; or null
     */
    record PartlyFailed(
            int firstFailed,
            @Nullable String state,
            String executedVersion,
            @Nullable String reason) implements InvocationOutcome {

        /** Without a reason. */
        public PartlyFailed(int firstFailed, @Nullable String state, String executedVersion) {
            this(firstFailed, state, executedVersion, null);
        }

        /** Of {@code $LATEST}. */
        public PartlyFailed(int firstFailed, @Nullable String state) {
            this(firstFailed, state, Answer.LATEST);
        }

        /** Outside of any window. */
        public PartlyFailed(int firstFailed) {
            this(firstFailed, null);
        }

        @Override
        public boolean consumesAttempt() {
            return firstFailed == 0;
        }

        @Override
        public boolean reachedFunction() {
            return true;
        }

        @Override
        public InvocationOutcome executedBy(String version) {
            return new PartlyFailed(firstFailed, state, version, reason);
        }

        @Override
        public String describe() {
            return "reported batch item failures from record " + firstFailed + (reason == null ? "" : ": " + reason);
        }

        @Override
        public String toString() {
            return "PartlyFailed[" + firstFailed + "]";
        }
    }

    /**
     * No record is done.
     *
     * @param description what went wrong, in words that were made once: an exception's own methods are the function's code
     * @param cause what the function threw; null if it threw nothing
     */
    record Failure(Kind kind, String description, @Nullable Throwable cause, String executedVersion)
            implements InvocationOutcome {

        /** How an invocation fails. */
        public enum Kind {
            /** The function threw. */
            THREW(true, true),
            /** The function did not return before its deadline, whatever it returned later. */
            TIMED_OUT(true, true),
            /** The function returned no state in a tumbling window (spec 5.4). */
            STATE_MISSING(true, true),
            /** The event of a single record exceeds Lambda's 6 MB, so it never reaches the function (spec 3.8). */
            TOO_LARGE(true, false),
            /** The function is throttled or missing, or its environment failed: the batch waits. */
            NOT_INVOKED(false, false),
            /** The function's transaction could not be committed for a reason that is not its own: the batch waits. */
            NOT_COMMITTED(false, true),
            /** Shardmill itself failed before the function had the event: the batch waits, and health reports it. */
            INTERNAL(false, false);

            private final boolean consumesAttempt;
            private final boolean reachesFunction;

            Kind(boolean consumesAttempt, boolean reachesFunction) {
                this.consumesAttempt = consumesAttempt;
                this.reachesFunction = reachesFunction;
            }
        }

        private Failure(Kind kind, String description) {
            this(kind, description, null, Answer.LATEST);
        }

        /** To be made on the function's thread; describes the cause without its message. */
        public static Failure threw(Throwable cause) {
            return threw(cause, FaultText.WITHOUT_PAYLOADS);
        }

        static Failure threw(Throwable cause, FaultText faults) {
            return new Failure(Kind.THREW, faults.describe(cause), cause, Answer.LATEST);
        }

        public static Failure timedOut(long millis) {
            return new Failure(Kind.TIMED_OUT, "timed out after " + millis + " ms");
        }

        public static Failure stateMissing() {
            return new Failure(
                    Kind.STATE_MISSING,
                    "returned no state, which a function of a tumbling window has to at every invocation");
        }

        public static Failure tooLarge(long bytes) {
            return new Failure(
                    Kind.TOO_LARGE, "not invoked: the event would be " + bytes + " bytes, more than Lambda's 6 MB");
        }

        public static Failure notInvoked(String reason) {
            return new Failure(Kind.NOT_INVOKED, "not invoked: " + reason);
        }

        public static Failure notCommitted(String reason) {
            return new Failure(Kind.NOT_COMMITTED, "not committed: " + reason);
        }

        public static Failure internal(String reason) {
            return new Failure(Kind.INTERNAL, "not invoked: " + reason);
        }

        public static Failure internal(Throwable fault) {
            return internal(FaultText.ofInternal(fault));
        }

        @Override
        public boolean consumesAttempt() {
            return kind.consumesAttempt;
        }

        @Override
        public boolean reachedFunction() {
            return kind.reachesFunction;
        }

        @Override
        public @Nullable String functionError() {
            return kind == Kind.THREW || kind == Kind.TIMED_OUT ? "Unhandled" : null;
        }

        @Override
        public InvocationOutcome executedBy(String version) {
            return version.equals(executedVersion) ? this : new Failure(kind, description, cause, version);
        }

        @Override
        public String describe() {
            return description;
        }
    }

    /** Reads what the function returned against its invocation, and describes failures without payloads. */
    static InvocationOutcome of(Answer answer, Invocation invocation, boolean reportFailures) {
        return of(answer, invocation, reportFailures, FaultText.WITHOUT_PAYLOADS);
    }

    /**
     * Reads what the function returned against its invocation.
     *
     * @param reportFailures whether its report counts; without it any return is a success (spec 5.1)
     * @param faults describes why records failed
     */
    static InvocationOutcome of(Answer answer, Invocation invocation, boolean reportFailures, FaultText faults) {
        boolean inWindow = invocation.window() != null;
        if (inWindow && answer.state() == null) {
            return Failure.stateMissing();
        }
        InvocationOutcome outcome = reportFailures
                ? BatchReport.read(answer.result(), invocation.records(), faults)
                : Succeeded.WITHOUT_STATE;
        if (!inWindow) {
            return outcome;
        }
        return outcome instanceof PartlyFailed partly
                ? new PartlyFailed(partly.firstFailed(), answer.state(), partly.executedVersion(), partly.reason())
                : new Succeeded(answer.state());
    }

    /** Reads a report against its batch (spec 5.2): anything that is not in the batch fails all of it. */
    static InvocationOutcome of(Result result, List<Record> batch) {
        return BatchReport.read(result, batch, FaultText.WITHOUT_PAYLOADS);
    }
}
