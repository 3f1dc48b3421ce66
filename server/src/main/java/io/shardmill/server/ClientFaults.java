package io.shardmill.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.EOFException;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Drops Jetty's warnings about clients that left, were silent, or were refused: anyone could fill the log with them. Other
 * warnings of the same logger are about faults of this server, and stay.
 */
final class ClientFaults extends TurboFilter {

    static final String LOGGER = "org.eclipse.jetty.ee11.servlet.ServletChannelState";

    /** Call it after Spring Boot has set up the log: that removes all filters. */
    static void drop() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            context.addTurboFilter(new ClientFaults());
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (level != Level.WARN || format == null || !logger.getName().equals(LOGGER)) {
            return FilterReply.NEUTRAL;
        }
        Object[] given = arguments == null ? new Object[0] : arguments;
        // Jetty logs what it calls quiet, such as malformed requests, as a text without arguments.
        boolean quiet = given.length == 0 && thrown == null;
        return quiet
                        || Stream.concat(Stream.ofNullable(thrown), Arrays.stream(given))
                                .anyMatch(ClientFaults::isClients)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }

    private static boolean isClients(Object argument) {
        return argument instanceof Throwable thrown
                && Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                        .limit(100) // causes can be circular
                        .anyMatch(cause -> cause instanceof EOFException || cause instanceof TimeoutException);
    }
}
