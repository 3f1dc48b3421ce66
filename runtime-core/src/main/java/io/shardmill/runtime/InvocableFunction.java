package io.shardmill.runtime;

import org.jspecify.annotations.Nullable;

/** A function that can be invoked with a batch, whatever it is written in. Called by several threads at once. */
public interface InvocableFunction {

    /**
     * Runs the function on the calling thread. Whatever it throws, {@code Error}s included, fails the batch.
     * The thread is interrupted at the deadline: a function that waits for another process ends that and returns.
     *
     * @throws FailedVersionException if it was a published version that ran and failed
     * @throws NotInvokedException if it could not be run for a reason that is not its own: that uses up no attempt
     * @throws UnusableFunctionException if the function was taken away since it was found: the batch was not invoked, and
     *     is tried again
     */
    Answer invoke(Invocation invocation) throws Exception;

    /**
     * Returns how the next invocation is to be run. Asked at each invocation, so it must be quick; a change holds from the next
     * one on.
     *
     * @param configured what the application's configuration says of the function's name
     */
    default FunctionSettings settings(FunctionSettings configured) {
        return configured;
    }

    /** Returns the ARN of the IAM role that events name as its own; null if it was given none. */
    default @Nullable String role() {
        return null;
    }

    /** Returns whether it runs in this application, on the thread that invokes it: then it can take part in a transaction. */
    default boolean isOfApplication() {
        return true;
    }

    /** Whether it is to be invoked with a tumbling window's state and returns one. */
    enum Windows {
        /** Never: it neither takes nor returns a state. */
        NEVER,
        /** That can't be told from its type. */
        PERHAPS,
        /** Always: it can't be invoked without one. */
        ALWAYS
    }

    /** Whether it takes part in tumbling windows, as far as its type tells. */
    default Windows windows() {
        return Windows.PERHAPS;
    }

    /** Whether its declared return type is {@link io.shardmill.function.Result}: then its report counts without any further setting. */
    boolean reportsItemFailures();

    /** What its declared return type says about reports of failed records; a mapping that disagrees is warned about. */
    default Reporting reporting() {
        return reportsItemFailures() ? Reporting.DECLARED : Reporting.NEVER;
    }

    /** Whether a function names the records that failed. */
    enum Reporting {
        /** It can't: any return is a success. */
        NEVER,
        /** Its type doesn't tell. */
        PERHAPS,
        /** Its return type is made for that. */
        DECLARED,
        /** Its return type is made for that, but has room for sequence numbers only: it can't name a record of Kafka. */
        BY_SEQUENCE_NUMBER
    }
}
