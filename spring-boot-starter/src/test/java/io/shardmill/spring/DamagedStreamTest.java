package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a person meets when a shard's file is missing, and how they get past it. */
class DamagedStreamTest {

    private static final String DAMAGED = "shardId-000000000000";

    @TempDir
    private Path folder;

    private Path missing;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Deliveries deliveries() {
            return new Deliveries();
        }

        @Bean
        Consumer<List<Record>> store(Deliveries deliveries) {
            return deliveries::add;
        }
    }

    @BeforeEach
    void damage() throws Exception {
        Path data = folder.resolve("streams");
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(data))) {
            streams.createStream("orders", 2);
            streams.put("orders", PutEntry.of("k", "lost").withExplicitHashKey(BigInteger.ZERO));
            streams.put("orders", PutEntry.of("k", "kept").withExplicitHashKey(BigInteger.TWO.pow(127)));
        }
        try (Stream<Path> files = Files.walk(data)) {
            missing = files.filter(file -> file.getFileName().toString().startsWith(DAMAGED))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(missing);
    }

    private ConfigurableApplicationContext run() {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "management.endpoints.web.exposure.include=health,shardmill",
                        "management.endpoint.health.show-details=always",
                        "shardmill.data-dir=" + folder,
                        "shardmill.mappings.store.stream=orders")
                .run();
    }

    private JsonNode get(String address, int status) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(address)).GET(), status);
    }

    private JsonNode post(String address, String body, String target, int status) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", target.isEmpty() ? "application/json" : "application/x-amz-json-1.1")
                        .header("X-Amz-Target", "Kinesis_20131202." + target)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                status);
    }

    private JsonNode send(HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json.readTree(answer.body());
    }

    @Test
    void the_application_starts_says_what_is_damaged_and_skips_it_when_told() throws Exception {
        String file = missing.getFileName().toString();
        try (ConfigurableApplicationContext application = run()) {
            String base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
            Deliveries deliveries = application.getBean(Deliveries.class);
            await().untilAsserted(() -> assertThat(deliveries.texts()).containsExactly("kept"));

            JsonNode health = get(base + "/actuator/health", 503).path("components");
            JsonNode damage = health.path("shardmillStreams").path("details").path("orders/" + DAMAGED);
            assertThat(damage.path("damages").path(0).asString()).contains(file, "is missing", "sequence numbers from");
            String address = base.replace("127.0.0.1", "localhost") + "/actuator/shardmill/orders/" + DAMAGED;
            assertThat(damage.path("skip").asString())
                    .contains("curl -X POST " + address, "{\"action\": \"skip-damage\"}");
            assertThat(get(base + "/actuator/shardmill", 200)
                            .path("damagedShards")
                            .path("orders/" + DAMAGED)
                            .toString())
                    .contains(file);
            await().untilAsserted(() -> assertThat(get(base + "/actuator/shardmill/store", 200)
                            .path("shards")
                            .path(DAMAGED)
                            .path("problem")
                            .asString())
                    .contains(file, "skip-damage"));
            assertRecordsSayWhatIsDamaged(base, file);

            post(address.replace("localhost", "127.0.0.1"), "{\"action\": \"skip\"}", "", 400);
            post(base + "/actuator/shardmill/orders/shardId-000000000007", "{\"action\": \"skip-damage\"}", "", 404);
            JsonNode skipped =
                    post(base + "/actuator/shardmill/orders/" + DAMAGED, "{\"action\": \"skip-damage\"}", "", 200);
            assertThat(skipped.path("skipped").toString()).contains(file);
            application
                    .getBean(EmbeddedStreams.class)
                    .put("orders", PutEntry.of("k", "new").withExplicitHashKey(BigInteger.ZERO));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(deliveries.texts()).containsExactly("kept", "new"));
            await().untilAsserted(() -> get(base + "/actuator/health", 200));
        }
    }

    private void assertRecordsSayWhatIsDamaged(String base, String file) throws Exception {
        String iterator = post(
                        base + "/",
                        "{\"StreamName\": \"orders\", \"ShardId\": \"" + DAMAGED
                                + "\", \"ShardIteratorType\": \"TRIM_HORIZON\"}",
                        "GetShardIterator",
                        200)
                .path("ShardIterator")
                .asString();
        JsonNode refused = post(base + "/", "{\"ShardIterator\": \"" + iterator + "\"}", "GetRecords", 500);
        assertThat(refused.path("message").asString())
                .contains("orders/" + DAMAGED, file, "is missing")
                .doesNotContain(folder.toString());
    }

    @Test
    void damage_that_could_give_numbers_twice_stops_the_start() throws Exception {
        Path metadata = folder.resolve("streams/streams.meta");
        byte[] content = Files.readAllBytes(metadata);
        content[content.length / 2] ^= 1;
        Files.write(metadata, content);
        assertThatThrownBy(this::run).hasStackTraceContaining(metadata + " is damaged, line");
    }
}
