package io.shardmill.runtime;

/**
 * Thrown by an {@link InvocableFunction} that could not be run for a reason that is not its own: throttled, or the
 * environment it runs in is not to be had. It uses up no attempt (spec 6.1); the message says what is wrong.
 */
public final class NotInvokedException extends Exception {

    private static final long serialVersionUID = 1;
    private final String reason;

    public NotInvokedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public NotInvokedException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
