package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Warnings as Jetty words them. */
class ClientFaultsTest {

    private static final String IN_LISTENER = "{} while invoking onError listener {}";
    private static final String UNHANDLED = "unhandled in state {}";

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = context.getLogger(ClientFaults.LOGGER);

    @BeforeEach
    void attach() {
        context.addTurboFilter(new ClientFaults());
        log.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(log);
    }

    @Test
    void warnings_about_clients_that_left_or_are_silent_are_dropped() {
        logger.warn(new EofException("Closed").toString());
        logger.warn(UNHANDLED, "ASYNC", new IllegalStateException(new EofException("Closed")));
        logger.warn(UNHANDLED, "ASYNC", new IllegalStateException(new IOException(new TimeoutException("Idle"))));
        logger.warn(IN_LISTENER, new EofException("Closed"), "listener");
        assertThat(log.list).isEmpty();
    }

    @Test
    void warnings_about_faults_of_the_server_stay() {
        logger.warn(IN_LISTENER, new IllegalStateException("a fault in a listener"), "listener");
        logger.warn(UNHANDLED, "ASYNC", new IllegalStateException(new IOException("No space left on device")));
        assertThat(log.list).hasSize(2);
    }

    @Test
    void errors_and_other_loggers_are_not_filtered() {
        logger.error(UNHANDLED, "ASYNC", new EofException("Closed"));
        context.getLogger("io.shardmill").warn("a client has gone", new EofException("Closed"));
        assertThat(log.list).hasSize(2);
    }
}
