package io.shardmill.embedded.internal.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Carries failures from the log thread to the caller. */
final class Failures {

    private Failures() {}

    /** Returns the failure to throw, with the caller's stack trace suppressed in it. */
    static RuntimeException rethrown(@Nullable Throwable failure) {
        RuntimeException thrown = failure instanceof RuntimeException unchecked
                ? unchecked
                : failure instanceof IOException io
                        ? new UncheckedIOException(io)
                        : new IllegalStateException("the log thread failed", failure);
        thrown.addSuppressed(new IllegalStateException("asked for here"));
        return thrown;
    }
}
