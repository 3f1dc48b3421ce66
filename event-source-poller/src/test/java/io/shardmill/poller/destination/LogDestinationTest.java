package io.shardmill.poller.destination;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogDestinationTest {

    @Test
    void writes_one_warning_that_names_the_records_and_never_shows_them() {
        Logger logger = (Logger) LoggerFactory.getLogger(LogDestination.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            new LogDestination().send(Discarded.batch("request-1"));
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(lines.list.get(0).getFormattedMessage())
                .contains(
                        "orders-mapping", "orders/shardId-000000000000", "4711", "RetryAttemptsExhausted", "request-1")
                .doesNotContain("secret");
    }
}
