package io.shardmill.lambda.deploy;

import io.shardmill.lambda.HostedFunction;
import java.util.function.Consumer;

/**
 * A revision of a function while it is in use. It takes invocations until it is retired, and is closed after the last that
 * runs: an invocation runs between {@link #enter} and {@link #leave}. Thread-safe.
 */
final class FunctionVersion {

    private final CodeRevision code;
    private final HostedFunction hosted;
    private final Consumer<FunctionVersion> whenUnused;
    private int running; // guarded by this
    private boolean retired; // guarded by this

    /**
     * Uses the code until it is closed.
     *
     * @param whenUnused called once, when it is retired and no invocation runs; closes it
     */
    FunctionVersion(CodeRevision code, HostedFunction hosted, Consumer<FunctionVersion> whenUnused) {
        this.code = code;
        this.hosted = hosted;
        this.whenUnused = whenUnused;
        code.retain();
    }

    /** Returns the function's name. */
    String function() {
        return code.function();
    }

    /** Returns what is invoked between {@link #enter} and {@link #leave}. */
    HostedFunction hosted() {
        return hosted;
    }

    /** Returns false if it is retired: then there is a newer version, or none. */
    synchronized boolean enter() {
        if (!retired) {
            running++;
        }
        return !retired;
    }

    void leave() {
        boolean unused;
        synchronized (this) {
            running--;
            unused = retired && running == 0;
        }
        if (unused) {
            whenUnused.accept(this);
        }
    }

    /** Takes no invocation from now on. */
    void retire() {
        boolean unused;
        synchronized (this) {
            unused = !retired && running == 0;
            retired = true;
        }
        if (unused) {
            whenUnused.accept(this);
        }
    }

    /** Retires it, and ends what still runs of it. */
    void kill() {
        retire();
        hosted.kill();
    }

    void close() {
        try {
            hosted.close();
        } finally {
            code.release();
        }
    }
}
