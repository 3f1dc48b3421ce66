package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.function.TimeWindow;
import io.shardmill.function.WindowResult;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.spring.test.ShardmillTest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Over real HTTP, as curl would. */
@ShardmillTest(
        classes = EndpointTest.Application.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "management.endpoints.web.exposure.include=shardmill",
            "management.endpoints.jmx.exposure.include=shardmill",
            "spring.jmx.enabled=true",
            "shardmill.streams.flights.shards=2",
            "shardmill.mappings.delays.stream=flights",
            "shardmill.mappings.broken.stream=flights",
            "shardmill.mappings.quarterly.stream=flights",
            "shardmill.mappings.quarterly.tumbling-window=900"
        })
class EndpointTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Deliveries deliveries() {
            return new Deliveries();
        }

        @Bean
        AtomicBoolean databaseIsAway() {
            return new AtomicBoolean();
        }

        @Bean
        MappingStore mappingStore(CheckpointStore checkpoints, AtomicBoolean databaseIsAway) {
            MappingStore store = new InMemoryMappingStore(checkpoints);
            return (MappingStore) Proxy.newProxyInstance(
                    MappingStore.class.getClassLoader(),
                    new Class<?>[] {MappingStore.class},
                    (proxy, method, arguments) -> {
                        if (databaseIsAway.get()) {
                            throw new CheckpointStoreException("connection refused", new IllegalStateException());
                        }
                        return method.invoke(store, arguments);
                    });
        }

        @Bean
        Consumer<List<Record>> delays(Deliveries deliveries) {
            return deliveries::add;
        }

        @Bean
        Consumer<List<Record>> audit() {
            return batch -> {};
        }

        @Bean
        Function<TimeWindow<Map<String, String>>, WindowResult<Map<String, String>>> quarterly() {
            return window -> WindowResult.of(Map.of("secret", "of the state"));
        }

        @Bean
        Consumer<List<Record>> broken() {
            return batch -> {
                throw new IllegalStateException("broken on purpose");
            };
        }
    }

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private StreamWriter writer;

    @Autowired
    private EmbeddedStreams streams;

    @Autowired
    private Mappings mappings;

    @Autowired
    private ApplicationContext context;

    @Autowired
    private Deliveries deliveries;

    @Autowired
    private AtomicBoolean databaseIsAway;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    private record Answer(int status, JsonNode body) {}

    private Answer get(String path) throws Exception {
        return send(request(path).GET());
    }

    private Answer post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/shardmill" + path));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), json.readTree(response.body()));
    }

    @BeforeEach
    void oneRecordIsDelivered() {
        writer.put("flights", PutEntry.of("key", "text"));
        assertThat(mappings.drained("delays").orTimeout(30, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void it_shows_all_mappings_and_their_shards() throws Exception {
        Answer answer = get("");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode delays = answer.body().at("/mappings/delays");
        assertThat(delays.get("state").asString()).isEqualTo("ENABLED");
        assertThat(delays.get("stream").asString()).isEqualTo("flights");
        assertThat(delays.get("uuid").asString())
                .isEqualTo(EventSourceMapping.uuidOf("delays").toString());
        assertThat(delays.get("origin").asString()).isEqualTo("CONFIGURED");
        assertThat(delays.get("lastProcessingResult").asString()).isEqualTo("OK");
        assertThat(delays.get("iteratorAgeMillis").asLong()).isZero();
        assertThat(delays.get("recordsBehind").asLong()).isZero();
        assertThat(delays.has("problem")).isFalse();
        assertThat(delays.get("shards")).hasSize(2).allSatisfy(shard -> {
            assertThat(shard.get("activity").asString()).isEqualTo("CONSUMING");
            assertThat(Instant.parse(shard.get("consumedSince").asString())).isBeforeOrEqualTo(Instant.now());
            assertThat(shard.has("acquired")).isFalse();
            assertThat(shard.get("position").asString()).matches("TRIM_HORIZON|AFTER_SEQUENCE_NUMBER \\d{56}");
            assertThat(shard.get("recordsBehind").asLong()).isZero();
            assertThat(shard.get("caughtUp").asBoolean()).isTrue();
            assertThat(shard.get("lanes")).isEmpty();
        });
    }

    @Test
    void it_shows_why_a_mapping_is_behind() throws Exception {
        JsonNode broken = get("/broken").body();
        JsonNode lane = null;
        for (JsonNode shard : broken.get("shards")) {
            lane = shard.at("/lanes/0").isMissingNode() ? lane : shard.at("/lanes/0");
        }
        assertThat(lane).isNotNull();
        assertThat(lane.get("attempt").asInt()).isPositive();
        assertThat(lane.get("unfinished").asInt()).isPositive();
        assertThat(lane.get("requestId").asString()).isNotBlank();
        assertThat(Instant.parse(lane.get("since").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(broken.get("recordsBehind").asLong()).isPositive();
        assertThat(lane.toString())
                .contains("java.lang.IllegalStateException at ")
                .doesNotContain("broken on purpose");
        assertThat(broken.get("iteratorAgeMillis").asLong()).isPositive();
    }

    @Test
    void it_shows_an_open_tumbling_window_but_not_its_state() throws Exception {
        assertThat(mappings.drained("quarterly")).succeedsWithin(Duration.ofSeconds(30));
        JsonNode quarterly = get("/quarterly").body();
        JsonNode window = null;
        for (JsonNode shard : quarterly.get("shards")) {
            window = shard.has("window") ? shard.get("window") : window;
        }
        assertThat(window).isNotNull();
        assertThat(window.get("start").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:(00|15|30|45):00Z");
        assertThat(window.get("end").asString()).endsWith(":00Z");
        assertThat(window.get("stateBytes").asInt()).isEqualTo("{\"secret\":\"of the state\"}".length());
        assertThat(quarterly.toString()).doesNotContain("secret");
    }

    @Test
    void it_pauses_and_resumes() throws Exception {
        Answer paused = post("/delays", "{\"action\":\"pause\"}");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body().get("done").asBoolean()).isTrue();
        JsonNode delays = get("/delays").body();
        assertThat(delays.get("state").asString()).isEqualTo("DISABLED");
        assertThat(delays.has("recordsBehind")).isFalse();
        assertThat(delays.has("iteratorAgeMillis")).isFalse();
        assertThat(post("/delays", "{\"action\":\"resume\"}").status()).isEqualTo(200);
        assertThat(get("/delays").body().get("state").asString()).isEqualTo("ENABLED");
    }

    @Test
    void a_change_that_the_database_does_not_take_is_503_and_does_not_happen_later() throws Exception {
        int before = deliveries.texts().size();
        databaseIsAway.set(true);
        for (String change : List.of(
                "{\"action\":\"pause\"}",
                "{\"action\":\"resume\"}",
                "{\"action\":\"replay\",\"from\":\"TRIM_HORIZON\"}")) {
            Answer refused = post("/delays", change);
            assertThat(refused.status()).as(change).isEqualTo(503);
            assertThat(refused.body().get("error").asString()).contains("database", "connection refused");
        }
        databaseIsAway.set(false);
        assertThat(post("/delays", "{\"action\":\"resume\"}").status()).isEqualTo(200);
        assertThat(mappings.drained("delays")).succeedsWithin(Duration.ofSeconds(30));

        assertThat(get("/delays").body().get("state").asString()).isEqualTo("ENABLED");
        assertThat(deliveries.texts()).hasSize(before);
    }

    @Test
    void it_does_the_same_over_jmx() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Shardmill");
        Object all = server.invoke(name, "mappings", new Object[0], new String[0]);
        assertThat(all.toString()).contains("delays", "ENABLED");
        String[] types = {String.class.getName(), String.class.getName(), String.class.getName()};
        Object done = server.invoke(name, "change", new Object[] {"delays", "resume", null}, types);
        assertThat(done.toString()).contains("done=true");
        assertThatThrownBy(() -> server.invoke(name, "change", new Object[] {"delays", "stop", null}, types))
                .rootCause()
                .hasMessageContaining("pause, resume or replay");
    }

    @Test
    void a_process_that_is_alone_shows_no_replicas_and_is_not_drained() throws Exception {
        assertThat(get("").body().has("replicas")).isFalse();
        Answer refused = post("", "{\"action\":\"drain\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("error").asString())
                .contains("There can be no other replica", "Pause the mappings instead");
        assertThat(post("", "{\"action\":\"pause\"}").body().get("error").asString())
                .contains("'pause': it must be drain or resume");
    }

    @Test
    void mappings_start_last_and_stop_first() {
        ShardmillLifecycle mappingsLifecycle = context.getBean(ShardmillLifecycle.class);
        assertThat(context.getBeansOfType(SmartLifecycle.class).values())
                .hasSizeGreaterThan(1)
                .allMatch(other -> other.getPhase() <= mappingsLifecycle.getPhase());
    }

    @Test
    void it_replays() throws Exception {
        int before = deliveries.texts().size();
        assertThat(post("/delays", "{\"action\":\"replay\",\"from\":\"TRIM_HORIZON\"}")
                        .status())
                .isEqualTo(200);
        assertThat(mappings.drained("delays")).succeedsWithin(Duration.ofSeconds(30));
        assertThat(deliveries.texts()).hasSize(2 * before);
    }

    @Test
    void a_mapping_whose_name_is_a_uuid_is_found_by_its_function_while_it_is_the_only_one() throws Exception {
        String first = new UUID(1, 1).toString();
        String second = new UUID(2, 2).toString();
        mappings.create(EventSourceMapping.of(first, "flights").withFunction("audit"), true);
        assertThat(get("/audit").body().get("uuid").asString()).isEqualTo(first);
        Answer paused = post("/audit", "{\"action\":\"pause\"}");
        assertThat(paused.body().get("mapping").asString()).isEqualTo(first);
        assertThat(get("/" + first).body().get("state").asString()).isEqualTo("DISABLED");

        streams.createStream("bookings", 1);
        mappings.create(EventSourceMapping.of(second, "bookings").withFunction("audit"), true);
        Answer several = post("/audit", "{\"action\":\"pause\"}");
        assertThat(several.status()).isEqualTo(404);
        assertThat(several.body().get("error").asString())
                .contains("'audit' has 2 mappings", first + " (function audit)", second + " (function audit)");
        mappings.delete(first);
        mappings.delete(second);
    }

    @Test
    void a_mapping_that_is_not_there_is_404_with_the_names_of_those_that_are() throws Exception {
        for (Answer answer : List.of(get("/nobody"), post("/nobody", "{\"action\":\"pause\"}"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body().get("error").asString()).contains("'nobody'", "delays");
            assertThat(answer.body().has("trace")).isFalse();
        }
    }

    @Test
    void a_request_that_cant_be_is_400_and_says_what_can() throws Exception {
        record Wrong(String body, String message) {}
        for (Wrong wrong : List.of(
                new Wrong("{}", "pause, resume or replay"),
                new Wrong("{\"action\":\"stop\"}", "pause, resume or replay"),
                new Wrong("{\"action\":\"replay\"}", "'from' is missing"),
                new Wrong("{\"action\":\"replay\",\"from\":\"yesterday\"}", "'yesterday' is no place to replay from"),
                new Wrong("{\"action\":\"replay\",\"from\":\"123\"}", "sequence number"))) {
            Answer answer = post("/delays", wrong.body());
            assertThat(answer.status()).as(wrong.body()).isEqualTo(400);
            assertThat(answer.body().get("error").asString()).contains(wrong.message());
        }
    }
}
