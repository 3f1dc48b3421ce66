package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.function.Shard;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.InvocationOutcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MappingLogTest {

    private static final Shard SHARD = new Shard("orders", "shard");
    private static final InvocationOutcome REFUSED = InvocationOutcome.Failure.notInvoked("throttled");

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.shardmill.mapping");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final MappingLog log = new MappingLog(EventSourceMapping.of("orders", "orders"));

    @BeforeEach
    void open() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
    }

    private List<String> warnings() {
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void the_first_refusal_of_a_batch_is_a_warning_with_its_reason_and_the_others_are_not() {
        for (int count = 0; count < 5; count++) {
            log.attempted(SHARD, 0, 1, 10, REFUSED);
        }
        assertThat(warnings()).singleElement().asString().contains("lane 0").contains("throttled");
        log.attempted(SHARD, 1, 1, 10, REFUSED);
        log.attempted(SHARD, 0, 1, 10, new InvocationOutcome.Succeeded());
        assertThat(warnings()).hasSize(2);
        log.attempted(SHARD, 0, 1, 10, REFUSED);

        assertThat(warnings()).hasSize(3);
    }
}
