package io.shardmill.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by an {@link InvocableFunction} that could not be run for a reason that is not its own: throttled, or the
 * environment it runs in is not to be had. It uses up no attempt (spec 6.1); the message says what is wrong.
 */
public final class NotInvokedException extends Exception {

    private static final long serialVersionUID = 1;

    /** Made beforehand, without a stack trace: when memory is full, there may be none for an exception either. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final NotInvokedException OUT_OF_MEMORY = new NotInvokedException(Kind.INTERNAL);

    private enum Kind {
        UNAVAILABLE,
        THROTTLED,
        INTERNAL
    }

    private final String reason;
    private final Kind kind;

    public NotInvokedException(String reason) {
        this(reason, null, Kind.UNAVAILABLE);
    }

    public NotInvokedException(String reason, Throwable cause) {
        this(reason, cause, Kind.UNAVAILABLE);
    }

    private NotInvokedException(String reason, @Nullable Throwable cause, Kind kind) {
        super(reason, cause);
        this.reason = reason;
        this.kind = kind;
    }

    private NotInvokedException(Kind kind) {
        super("out of memory", null, false, false);
        this.reason = "out of memory";
        this.kind = kind;
    }

    /** As many invocations run as may; the reason begins with {@code throttled}. */
    public static NotInvokedException throttled(String what) {
        return new NotInvokedException("throttled: " + what, null, Kind.THROTTLED);
    }

    /** Shardmill itself failed, most likely for lack of memory, before the function had the event. */
    public static NotInvokedException internal(Throwable fault) {
        try {
            return new NotInvokedException(FaultText.ofInternal(fault), fault, Kind.INTERNAL);
        } catch (OutOfMemoryError full) {
            return OUT_OF_MEMORY;
        }
    }

    public boolean isThrottled() {
        return kind == Kind.THROTTLED;
    }

    public String reason() {
        return reason;
    }

    InvocationOutcome outcome() {
        return kind == Kind.INTERNAL
                ? InvocationOutcome.Failure.internal(reason)
                : InvocationOutcome.Failure.notInvoked(reason);
    }
}
