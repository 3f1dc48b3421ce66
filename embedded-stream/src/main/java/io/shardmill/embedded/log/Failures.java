package io.shardmill.embedded.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Carries what went wrong on the log thread over to the caller. */
final class Failures {

    private Failures() {}

    /** The failure as something to throw, the caller's own stack trace among its suppressed ones. */
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
