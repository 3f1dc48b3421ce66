package io.shardmill.lambda.injvm;

import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;

/**
 * A Lambda function's compiled code, run in this JVM in a class loader of its own, which shows it the JDK and
 * aws-lambda-java-core and nothing else of the application. Invocations that run at once have handler objects of
 * their own, but they share static fields, which on Lambda they don't. Thread-safe.
 *
 * <p>This is the fastest way, and a debugger can step in. But it is one process, and it can't isolate:
 * <ul>
 *   <li>environment variables and system properties: the code sees those of this process and none of its own;
 *   <li>{@code System.exit}: it ends this process;
 *   <li>memory and processor time: a leak or a busy loop is everybody's, the memory limit is only told;
 *   <li>time: at its timeout an invocation is interrupted, and one that ignores it goes on running;
 *   <li>damage: after a timeout or an {@code OutOfMemoryError} Lambda begins with a new process, here all goes on as it is;
 *   <li>threads that the code has started: they outlive a replacement of the code;
 *   <li>standard output, the working directory and {@code /tmp}: those of this process.
 * </ul>
 */
public final class HandlerJarFunction implements InvocableFunction, AutoCloseable {

    private final HandlerCaller caller;
    private volatile LoadedCode current;
    private boolean closed;

    private HandlerJarFunction(HandlerCaller caller, LoadedCode code) {
        this.caller = caller;
        this.current = code;
    }

    /**
     * Loads the code and makes one handler object, as Lambda does before the first invocation.
     *
     * @throws IllegalArgumentException if there is no code at that place
     * @throws HandlerInitException if the handler can't be loaded
     */
    public static HandlerJarFunction open(FunctionIdentity identity, FunctionCode code) {
        HandlerCaller caller = HandlerCaller.of(identity);
        return new HandlerJarFunction(caller, LoadedCode.load(code, caller.logger()));
    }

    /**
     * Invocations that begin from now on run the new code. Running ones finish with the old code, which is closed
     * after the last of them. Code that can't be loaded leaves the old one in place.
     *
     * @throws IllegalArgumentException if there is no code at that place
     * @throws HandlerInitException if the handler can't be loaded
     * @throws IllegalStateException if the function is closed
     */
    public synchronized void replace(FunctionCode code) {
        if (closed) {
            throw isClosed();
        }
        LoadedCode old = current;
        current = LoadedCode.load(code, caller.logger());
        old.retire();
    }

    @Override
    public Answer invoke(Invocation invocation) throws Exception {
        LoadedCode code = enter();
        try {
            return code.with(handler -> caller.call(handler, invocation));
        } finally {
            code.leave();
        }
    }

    /**
     * Invokes it with any event, on the calling thread, and returns the answer's bytes as they are. Throws what the handler
     * throws.
     */
    public byte[] invoke(DirectInvocation invocation) throws Exception {
        LoadedCode code = enter();
        try {
            return code.with(handler -> caller.call(handler, invocation));
        } finally {
            code.leave();
        }
    }

    private LoadedCode enter() {
        LoadedCode code = current;
        while (!code.enter()) {
            LoadedCode newer = current;
            if (newer == code) {
                throw isClosed();
            }
            code = newer;
        }
        return code;
    }

    private IllegalStateException isClosed() {
        return new IllegalStateException("Function '" + caller.function().name() + "' is closed");
    }

    /** False: on Lambda the mapping says whether a report counts. */
    @Override
    public boolean reportsItemFailures() {
        return false;
    }

    @Override
    public Reporting reporting() {
        return current.reporting();
    }

    /** Takes no further invocation. The code is closed when the running ones are back. */
    @Override
    public synchronized void close() {
        closed = true;
        current.retire();
    }
}
