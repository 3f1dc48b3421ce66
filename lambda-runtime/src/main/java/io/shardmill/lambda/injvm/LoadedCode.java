package io.shardmill.lambda.injvm;

import io.shardmill.runtime.InvocableFunction.Reporting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A function's code in its class loader, with a handler object for each invocation that runs at once:
 * on Lambda, too, an object serves one invocation at a time and is kept for the next. Thread-safe.
 */
final class LoadedCode {

    private final CodeClassLoader loader;
    private final HandlerClass handlerClass;
    private final Reporting reporting;
    private final Deque<Handler> idle = new ArrayDeque<>();

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
     * @param location a folder with classes and {@code lib/*.jar}. Classes are read when they
     *     are first used, so nothing there may change while the code is in use
     * @param handler {@code pkg.Class} or {@code pkg.Class::method}
     * @throws IllegalArgumentException if there is no code at that place
     * @throws HandlerInitException if the handler can't be loaded
     */
    static LoadedCode load(Path location, String handler, FunctionLogger logger) {
        CodeClassLoader loader = open(location);
        try {
            return in(loader, () -> {
                loader.setRuntimeLogger(logger);
                return new LoadedCode(loader, HandlerClass.load(handler, loader, loader.conversions()));
            });
        } catch (Throwable failed) {
            close(loader);
            throw Sneaky.rethrow(failed);
        }
    }

    private static CodeClassLoader open(Path location) {
        try {
            return CodeClassLoader.of(location);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "code: " + location + " can't be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** Runs the function's code. */
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

    /** Uses an idle handler, or a new one. */
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

    /** Uses a handler exclusively. */
    interface HandlerUse<T> {
        T run(Handler handler) throws Exception;
    }

    private synchronized @Nullable Handler takeIdle() {
        return idle.poll();
    }

    private synchronized void giveBack(Handler handler) {
        idle.push(handler);
    }

    /** To be called when no handler is in use any more. */
    void close() {
        close(loader);
    }

    private static void close(CodeClassLoader loader) {
        try {
            loader.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
