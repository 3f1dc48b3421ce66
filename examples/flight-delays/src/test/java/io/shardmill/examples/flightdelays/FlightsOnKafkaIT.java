package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.kafka.TestBroker;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On topics of Kafka's own broker, in this JVM. */
class FlightsOnKafkaIT extends FlightsOnAnotherStreamContract {

    private static final Pattern FILL = Pattern.compile("([\\d,]+) of 20,000 put");

    FlightsOnKafkaIT() {
        super(20_000);
    }

    @BeforeAll
    static void createTopics() {
        TestBroker.shared().createTopic("flights", 4);
        TestBroker.shared().createTopic("flights-killed", 4);
    }

    @Override
    FlightProcess start(String topic, String... arguments) {
        return FlightProcess.onKafka(TestBroker.shared().bootstrapServers(), topic, folder, arguments);
    }

    @Test
    void nothing_is_lost_by_kill_9() {
        try (FlightProcess killed = start("flights-killed")) {
            killed.awaitOnConsole(FILL);
            killed.kill();
        }
        assertThat(run("flights-killed")).endsWith(" lost=0");
        assertTableAndDestinationAreRight();
    }
}
