package io.shardmill.spring;

import io.shardmill.kafka.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.jspecify.annotations.Nullable;

/**
 * A broker that asks clients for a certificate on one port, and for the user {@code alice} on another, and the guide's configurations of
 * its clients.
 */
final class SecuredCluster implements AutoCloseable {

    static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";
    static final String PASSWORD = "secret";

    static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";
    private static final String TLS = "TLS";
    private static final String LOGIN = "LOGIN";
    private static final String BUNDLE = "spring.ssl.bundle.pem.kafka.";

    private final TestCertificates certificates;
    private final TestBroker broker;

    /** @param folder for the keys of {@code broker} and {@code client} */
    SecuredCluster(Path folder) throws Exception {
        certificates = new TestCertificates(folder);
        certificates.make("broker", "client");
        broker = TestBroker.secured(
                Map.of(TLS, "SSL", LOGIN, "SASL_SSL"),
                Map.ofEntries(
                        Map.entry("ssl.keystore.type", "PEM"),
                        Map.entry("ssl.keystore.key", Files.readString(certificates.key("broker"))),
                        Map.entry(
                                "ssl.keystore.certificate.chain", Files.readString(certificates.certificate("broker"))),
                        Map.entry("ssl.truststore.type", "PEM"),
                        Map.entry("ssl.truststore.certificates", Files.readString(certificates.certificate("client"))),
                        Map.entry("listener.name.tls.ssl.client.auth", "required"),
                        Map.entry("listener.name.login.sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN"),
                        Map.entry("listener.name.login.scram-sha-512.sasl.jaas.config", SCRAM + " required;"),
                        Map.entry(
                                "listener.name.login.plain.sasl.jaas.config",
                                PLAIN + " required user_alice=\"" + PASSWORD + "\";")));
        broker.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                .all()
                .get();
    }

    TestBroker broker() {
        return broker;
    }

    String tlsServers() {
        return broker.bootstrapServers(TLS);
    }

    /**
     * The files of the guide's bundle.
     *
     * @param key whose key the client has
     * @param trusted whose certificate it trusts
     */
    Map<String, Object> bundle(@Nullable String key, String trusted) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(BUNDLE + "truststore.certificate", "file:" + certificates.certificate(trusted));
        if (key != null) {
            properties.put(BUNDLE + "keystore.certificate", "file:" + certificates.certificate(key));
            properties.put(BUNDLE + "keystore.private-key", "file:" + certificates.key(key));
        }
        return properties;
    }

    /** The guide's configuration of TLS, with these files. */
    Map<String, Object> tls(@Nullable String key, String trusted) throws IOException {
        Map<String, Object> properties = GuideConfiguration.read("kafka.md", "## Security", 0);
        properties.keySet().removeIf(name -> name.startsWith(BUNDLE));
        properties.putAll(bundle(key, trusted));
        properties.put("spring.kafka.bootstrap-servers", tlsServers());
        return properties;
    }

    /** The guide's configuration of a user. */
    Map<String, Object> login(String password) throws IOException {
        Map<String, Object> properties = GuideConfiguration.read("kafka.md", "## Security", 1);
        properties.putAll(bundle(null, "broker"));
        properties.put("spring.kafka.bootstrap-servers", broker.bootstrapServers(LOGIN));
        properties.put("KAFKA_USER", "alice");
        properties.put("KAFKA_PASSWORD", password);
        return properties;
    }

    @Override
    public void close() {
        broker.close();
    }
}
