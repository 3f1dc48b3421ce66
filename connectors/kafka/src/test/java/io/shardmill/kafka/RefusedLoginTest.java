package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user that brokers do not let in, until it is created. */
@Timeout(120)
class RefusedLoginTest {

    private static final String LOGIN = "LOGIN";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    private static final TestBroker BROKER = TestBroker.secured(
            Map.of(LOGIN, "SASL_PLAINTEXT"),
            Map.of(
                    "listener.name.login.sasl.enabled.mechanisms",
                    "SCRAM-SHA-512",
                    "listener.name.login.scram-sha-512.sasl.jaas.config",
                    SCRAM + ";"));

    @AfterAll
    static void close() {
        BROKER.close();
    }

    private static KafkaClients clients(String user) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                BROKER.bootstrapServers(LOGIN),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                SCRAM + " username=\"" + user + "\" password=\"secret\";",
                "max.block.ms",
                "3000");
        return new KafkaClients(properties, properties, properties);
    }

    private static void create(String user) throws Exception {
        BROKER.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "secret")))
                .all()
                .get();
    }

    @Test
    void a_writer_puts_when_it_is_let_in() throws Exception {
        BROKER.createTopic("puts", 1);
        try (KafkaStreams streams = new KafkaStreams(
                Map.of("orders", KafkaStream.of("puts")),
                clients("alice"),
                new KafkaNaming("shop", Map.of(), AwsScope.DEFAULT))) {
            List<PutEntry> entries = List.of(PutEntry.of("k", "1"));
            assertThat(streams.putAll("orders", entries))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PutResult.Rejected.class,
                            rejected -> assertThat(rejected.errorCode()).isEqualTo("SaslAuthenticationException"));

            create("alice");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> streams.putAll("orders", entries).get(0) instanceof PutResult.Stored);
        }
    }

    @Test
    void a_destination_is_written_to_when_it_is_let_in() throws Exception {
        BROKER.createTopic("failed", 1);
        SharedProducer producer = new SharedProducer(clients("bob")::newDestinationProducer);
        try {
            Awaitility.await().until(() -> writes(producer).startsWith("kafka://failed: SaslAuthenticationException"));

            create("bob");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> writes(producer).isEmpty());
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    /** Returns why it can't be written to; empty if it can. */
    private static String writes(SharedProducer producer) throws Exception {
        try {
            new AcknowledgedWrite("failed", producer, Duration.ofSeconds(8), new WriteProgress())
                    .write(DiscardedBatches.of(DiscardedBatches.record(1, "k", "a"))
                            .ofEachRecord());
            return "";
        } catch (NotInvokedException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
