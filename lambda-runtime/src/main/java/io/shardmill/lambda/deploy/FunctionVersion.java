package io.shardmill.lambda.deploy;

import org.jspecify.annotations.Nullable;

/**
 * A function's code under one configuration, while it is in use. Once it is replaced it takes no further invocation, and
 * is closed after the last that runs. Thread-safe.
 */
final class FunctionVersion {

    private final String number;
    private final CodeRevision code;
    private final HostedFunction hosted;
    private int running; // all guarded by this
    private @Nullable Runnable whenUnused;
    private boolean closed;

    /**
     * Uses the code until it is closed.
     *
     * @param number {@code $LATEST} or a published version's number
     */
    FunctionVersion(String number, CodeRevision code, HostedFunction hosted) {
        this.number = number;
        this.code = code;
        this.hosted = hosted;
        code.retain();
    }

    String number() {
        return number;
    }

    /** To be invoked between {@link #enter} and {@link #leave}. */
    HostedFunction hosted() {
        return hosted;
    }

    /** False if it takes no invocation any more: then there is a newer version, or none. */
    synchronized boolean enter() {
        if (whenUnused == null) {
            running++;
            return true;
        }
        return false;
    }

    void leave() {
        Runnable last;
        synchronized (this) {
            running--;
            last = running == 0 ? whenUnused : null;
        }
        if (last != null) {
            last.run();
        }
    }

    /** From now on it takes no invocation. */
    void retire(Runnable then) {
        boolean unused;
        synchronized (this) {
            whenUnused = then;
            unused = running == 0;
        }
        if (unused) {
            then.run();
        }
    }

    /** Ends it, and what still runs of it. Harmless when it is closed already. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            hosted.close();
        } finally {
            code.release();
        }
    }
}
