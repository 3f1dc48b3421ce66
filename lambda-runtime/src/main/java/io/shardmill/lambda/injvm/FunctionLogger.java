package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A function's logger, which writes to the application's log under {@code shardmill.function.<name>}. Without a level a line is
 * {@code INFO}, {@code FATAL} is {@code ERROR}; a line feed at the end, usual on Lambda, is left out. Thread-safe.
 */
record FunctionLogger(Logger log, Consumer<String> reader) implements LambdaLogger {

    static FunctionLogger of(FunctionIdentity function) {
        return new FunctionLogger(LoggerFactory.getLogger("shardmill.function." + function.name()), line -> {});
    }

    /** Returns the same logger with another reader of its lines. */
    FunctionLogger also(Consumer<String> newReader) {
        return new FunctionLogger(log, newReader);
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        log(new String(message, StandardCharsets.UTF_8), level);
    }

    @Override
    public void log(String message, LogLevel level) {
        String line = String.valueOf(message).stripTrailing();
        log.atLevel(slf4j(level)).log(line);
        reader.accept(line);
    }

    /** Logs what a handler threw, as Lambda's runtime does. */
    void failed(String requestId, Throwable thrown) {
        log.error("{} failed", requestId, thrown);
        reader.accept(String.valueOf(thrown));
    }

    private static Level slf4j(LogLevel level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case UNDEFINED, INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR, FATAL -> Level.ERROR;
        };
    }
}
