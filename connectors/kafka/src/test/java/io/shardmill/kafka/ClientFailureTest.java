package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StreamUnavailableException;
import io.shardmill.runtime.arn.AwsScope;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class ClientFailureTest {

    private static final Map<String, Object> WITHOUT_FILE = Map.of(
            "bootstrap.servers",
            "localhost:1",
            "security.protocol",
            "SSL",
            "ssl.truststore.location",
            "/no/such/file.p12");

    @Test
    void a_handshake_that_failed_has_its_reason_and_names_certificates() {
        assertThat(ClientFailure.describe(new SslAuthenticationException(
                        "SSL handshake failed", new IllegalStateException("No name matching"))))
                .startsWith(
                        "SslAuthenticationException: SSL handshake failed (IllegalStateException: No name matching); check")
                .contains("certificates");
    }

    @Test
    void a_login_that_failed_names_the_credentials() {
        assertThat(ClientFailure.describe(new SaslAuthenticationException("Authentication failed")))
                .startsWith("SaslAuthenticationException: Authentication failed; check")
                .contains("sasl.jaas.config");
    }

    @Test
    void a_right_that_is_missing_is_named() {
        assertThat(ClientFailure.describe(GroupAuthorizationException.forGroupId("shop.orders")))
                .isEqualTo("GroupAuthorizationException: Not authorized to access group: shop.orders;"
                        + " give the client's principal Read on the group");
        assertThat(ClientFailure.describe(new TopicAuthorizationException("Topic authorization failed.")))
                .startsWith(
                        "TopicAuthorizationException: Topic authorization failed; give the client's principal Read");
    }

    @Test
    void a_brokers_answer_speaks_for_itself() {
        assertThat(ClientFailure.describe(new RecordTooLargeException("too large", new IllegalStateException("cause"))))
                .isEqualTo("RecordTooLargeException: too large");
    }

    @Test
    void a_client_that_cannot_be_made_says_why() {
        try (KafkaStreams streams = streams(new KafkaClients(WITHOUT_FILE, WITHOUT_FILE, WITHOUT_FILE))) {
            assertThatThrownBy(() -> streams.find("orders").orElseThrow().describe())
                    .isInstanceOf(StreamUnavailableException.class)
                    .hasMessageContaining("/no/such/file.p12");
            assertThat(streams.putAll("orders", List.of(PutEntry.of("k", "v"))))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PutResult.Rejected.class,
                            rejected -> assertThat(rejected.message()).contains("/no/such/file.p12"));
        }
    }

    @Test
    void a_consumer_that_cannot_be_made_says_why() {
        KafkaTopic topic = new KafkaTopic(
                "orders-prod",
                "arn",
                new SourceType.Kafka("localhost:1", null),
                new KafkaClients(WITHOUT_FILE, Map.of(), Map.of()),
                () -> {
                    throw new IllegalStateException("not asked");
                },
                group -> group);

        assertThatThrownBy(() -> topic.member("shop.orders", new OffsetMark("rows", "id"), () -> {}))
                .isInstanceOf(StreamUnavailableException.class)
                .hasMessageStartingWith(
                        "topic 'orders-prod' can't be read by consumer group 'shop.orders': KafkaException: ")
                .hasMessageContaining("/no/such/file.p12");
    }

    private static KafkaStreams streams(KafkaClients clients) {
        return new KafkaStreams(
                Map.of("orders", KafkaStream.of("orders-prod")),
                clients,
                new KafkaNaming("shop", Map.of(), AwsScope.DEFAULT));
    }
}
