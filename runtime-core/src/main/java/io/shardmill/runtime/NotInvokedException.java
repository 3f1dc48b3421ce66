package io.shardmill.runtime;

/**
 * Thrown by an {@link InvocableFunction} that could not be run for a reason that is not its own: throttled, or the
 * environment it runs in is not to be had. It uses up no attempt (spec 6.1); the message says what is wrong.
 */
public final class NotInvokedException extends Exception {

    private static final long serialVersionUID = 1;
    private final String reason;
    private final boolean throttled;

    public NotInvokedException(String reason) {
        super(reason);
        this.reason = reason;
        this.throttled = false;
    }

    public NotInvokedException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
        this.throttled = false;
    }

    private NotInvokedException(String reason, boolean throttled) {
        super(reason);
        this.reason = reason;
        this.throttled = throttled;
    }

    /** As many invocations run as may; the reason begins with {@code throttled}. */
    public static NotInvokedException throttled(String what) {
        return new NotInvokedException("throttled: " + what, true);
    }

    public boolean isThrottled() {
        return throttled;
    }

    public String reason() {
        return reason;
    }
}
