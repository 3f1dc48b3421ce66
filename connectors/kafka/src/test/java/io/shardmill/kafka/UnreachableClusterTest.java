package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamUnavailableException;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic of a cluster of which no broker is running. */
@Timeout(60)
class UnreachableClusterTest {

    @Test
    void is_reported_with_what_to_check() throws IOException {
        String servers = "localhost:" + closedPort();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", servers, "default.api.timeout.ms", "300", "request.timeout.ms", "200");
        try (KafkaStreams streams = new KafkaStreams(
                Map.of("orders", KafkaStream.of("orders-prod")),
                new KafkaClients(properties, properties, properties),
                new KafkaNaming("shop", Map.of(), AwsScope.DEFAULT))) {
            StreamSource topic = streams.find("orders").orElseThrow();

            assertThatThrownBy(topic::describe)
                    .isInstanceOf(StreamUnavailableException.class)
                    .hasMessageStartingWith("topic 'orders-prod' on " + servers
                            + " can't be asked: no broker answers (TimeoutException: ")
                    .hasMessageEndingWith("); check the bootstrap servers, security.protocol and the network");
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
