package io.shardmill.runtime;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts exceptions of functions and destinations into words for logs and endpoints, whatever their own methods do. An
 * exception's class and the line of the function's code are always shown; its message may quote a payload.
 *
 * @param showsPayloads whether messages are shown
 */
public record FaultText(boolean showsPayloads) {

    public static final FaultText WITHOUT_PAYLOADS = new FaultText(false);

    private static final String CALL_OF_FUNCTION = WatchedFunction.class.getName();
    private static final int MAX_CAUSES = 20;

    /** What calls a function's code on behalf of a mapping; {@code io.shardmill} alone would leave out the examples. */
    private static final List<String> CALLERS = List.of(
            "java.",
            "jdk.",
            "org.springframework.",
            "io.shardmill.function.",
            "io.shardmill.lambda.",
            "io.shardmill.poller.",
            "io.shardmill.runtime.",
            "io.shardmill.spring.");

    /** Returns a line such as {@code java.lang.IllegalStateException at com.acme.Orders.store(Orders.java:42)}, with the first cause. */
    public String describe(Throwable thrown) {
        try {
            Throwable first = thrown instanceof DescribedFault ? thrown : firstCause(thrown);
            return first == thrown ? one(thrown) : one(thrown) + ", caused by " + one(first);
        } catch (Throwable broken) { // whatever it is, it is the function's
            return thrown.getClass().getName() + ", which can't be described: "
                    + broken.getClass().getName();
        }
    }

    private String one(Throwable thrown) {
        if (thrown instanceof DescribedFault described) {
            return described.describe(showsPayloads);
        }
        String message = showsPayloads ? thrown.getMessage() : null;
        StackTraceElement line = userLine(thrown.getStackTrace());
        return thrown.getClass().getName()
                + (message == null ? "" : ": " + message)
                + (line == null ? "" : " at " + line);
    }

    private static Throwable firstCause(Throwable thrown) {
        Throwable first = thrown;
        for (int depth = 0; depth < MAX_CAUSES; depth++) {
            Throwable cause = first.getCause();
            if (cause == null || cause == first) {
                return first;
            }
            first = cause;
        }
        return first;
    }

    /** Returns the line of the function's own code that a stack is in, whatever library it has called; null if there is none. */
    public static @Nullable StackTraceElement userLine(StackTraceElement[] stack) {
        return lineOf(userFrames(stack));
    }

    /** Returns the line of the function's own code that was left last: the topmost of the package that was called. */
    private static @Nullable StackTraceElement lineOf(List<StackTraceElement> frames) {
        if (frames.isEmpty()) {
            return null;
        }
        StackTraceElement entry = frames.get(frames.size() - 1);
        String called = rootPackage(entry);
        return frames.stream()
                .filter(frame ->
                        isCaller(entry) ? !isJdk(frame) : rootPackage(frame).equals(called))
                .findFirst()
                .orElse(null);
    }

    /** Returns {@code com.acme} of {@code com.acme.orders.Orders}. */
    private static String rootPackage(StackTraceElement frame) {
        String name = frame.getClassName();
        int second = name.indexOf('.', name.indexOf('.') + 1);
        return second < 0 ? name : name.substring(0, second);
    }

    /** Returns the function's part of a stack, a frame a line with a line feed before each; empty if there is none. */
    public static String lines(StackTraceElement[] stack) {
        StringBuilder lines = new StringBuilder();
        userFrames(stack).forEach(frame -> lines.append("\n\tat ").append(frame));
        return lines.toString();
    }

    /** Returns the function's part of an exception's stack, as {@link #lines(StackTraceElement[])} does. */
    public static String lines(Throwable thrown) {
        try {
            return lines(thrown.getStackTrace());
        } catch (Throwable broken) { // whatever it is, it is the function's
            return "";
        }
    }

    /** Returns the frames of a stack down to the function that was called, without what called it. */
    public static List<StackTraceElement> userFrames(StackTraceElement[] stack) {
        List<StackTraceElement> frames = Arrays.asList(stack);
        for (int index = 0; index < frames.size(); index++) {
            if (frames.get(index).getClassName().equals(CALL_OF_FUNCTION)) {
                frames = frames.subList(0, index);
            }
        }
        int end = frames.size();
        while (end > 0 && isCaller(frames.get(end - 1))) {
            end--;
        }
        return frames.subList(0, end == 0 ? frames.size() : end).stream()
                .map(FaultText::withoutLoader)
                .toList();
    }

    /** Drops {@code app//}, with which a running thread's frames begin. */
    private static StackTraceElement withoutLoader(StackTraceElement frame) {
        return frame.getModuleName() != null
                ? frame
                : new StackTraceElement(
                        frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
    }

    private static boolean isJdk(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.") || frame.getClassName().startsWith("jdk.");
    }

    private static boolean isCaller(StackTraceElement frame) {
        return CALLERS.stream().anyMatch(caller -> frame.getClassName().startsWith(caller));
    }

    /** Names a fault of Shardmill's own, most likely that its memory is full. */
    static String ofInternal(Throwable fault) {
        return fault instanceof OutOfMemoryError
                ? "out of memory (" + fault.getMessage() + ")"
                : "internal error: " + new FaultText(true).describe(fault);
    }
}
