package io.shardmill.poller.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Collects the engine's logged errors, which are faults of its own, and keeps its warnings off the console. */
public final class ErrorLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.shardmill.poller");
    private @Nullable String first;

    public ErrorLog() {
        start();
        logger.setLevel(Level.ERROR);
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (first == null) {
            IThrowableProxy thrown = event.getThrowableProxy();
            first = event.getFormattedMessage() + (thrown == null ? "" : ": " + thrown.getMessage());
        }
    }

    /** Returns the first error since the last call, or null. */
    @Nullable
    public String take() {
        String taken = first;
        first = null;
        return taken;
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(null);
        logger.setAdditive(true);
    }
}
