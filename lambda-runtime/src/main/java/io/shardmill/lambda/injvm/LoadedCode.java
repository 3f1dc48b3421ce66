package io.shardmill.lambda.injvm;

import io.shardmill.runtime.InvocableFunction.Reporting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One version of a function's code in its class loader, with a handler object for each invocation that runs at once:
 * on Lambda, too, an object serves one invocation at a time and is kept for the next. Thread-safe.
 */
final class LoadedCode {

    private final CodeClassLoader loader;
    private final HandlerClass handlerClass;
    private final Reporting reporting;
    private final Deque<Handler> idle = new ArrayDeque<>();
    private int running;
    private boolean retired;

    private LoadedCode(CodeClassLoader loader, HandlerClass handlerClass) {
        this.loader = loader;
        this.handlerClass = handlerClass;
        Handler first = handlerClass.newHandler();
        this.reporting = first.reporting();
        idle.push(first);
    }

    /**
     * Loads it as far as Lambda does before the first invocation: the handler's class and one object of it.
     *
     * @throws IllegalArgumentException if there is no code at that place
     * @throws HandlerInitException if the handler can't be loaded
     */
    static LoadedCode load(FunctionCode code, FunctionLogger logger) {
        CodeClassLoader loader = open(code);
        try {
            return in(loader, () -> {
                loader.setRuntimeLogger(logger);
                return new LoadedCode(loader, HandlerClass.load(code.handler(), loader, loader.conversions()));
            });
        } catch (Throwable failed) {
            close(loader);
            throw Sneaky.rethrow(failed);
        }
    }

    private static CodeClassLoader open(FunctionCode code) {
        try {
            return CodeClassLoader.of(code.location());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "code: " + code.location() + " can't be read as a jar or folder: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /** Something that runs the function's code. */
    interface Use<T> {
        T run() throws Exception;
    }

    /** Runs it with the code's class loader as the thread's, as on Lambda; puts the thread's own back. */
    private static <T> T in(ClassLoader loader, Use<T> use) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return use.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    Reporting reporting() {
        return reporting;
    }

    /** False if this code has been replaced: then it takes no further invocation. */
    synchronized boolean enter() {
        if (!retired) {
            running++;
        }
        return !retired;
    }

    /** Between {@link #enter} and {@link #leave}. */
    <T> T with(HandlerUse<T> use) throws Exception {
        return in(loader, () -> {
            Handler waiting = takeIdle();
            Handler handler = waiting == null ? handlerClass.newHandler() : waiting;
            try {
                return use.run(handler);
            } finally {
                giveBack(handler);
            }
        });
    }

    /** Something done with a handler that nobody else uses meanwhile. */
    interface HandlerUse<T> {
        T run(Handler handler) throws Exception;
    }

    private synchronized @Nullable Handler takeIdle() {
        return idle.poll();
    }

    private synchronized void giveBack(Handler handler) {
        idle.push(handler);
    }

    void leave() {
        boolean last;
        synchronized (this) {
            running--;
            last = retired && running == 0;
        }
        if (last) {
            close(loader);
        }
    }

    /** From now on takes no invocation; the class loader is closed when the running ones are back. */
    void retire() {
        boolean last;
        synchronized (this) {
            last = !retired && running == 0;
            retired = true;
        }
        if (last) {
            close(loader);
        }
    }

    private static void close(CodeClassLoader loader) {
        try {
            loader.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
