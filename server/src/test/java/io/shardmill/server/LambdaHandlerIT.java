package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged example, with its own configuration, in the packaged server. */
@Timeout(300)
class LambdaHandlerIT {

    private static final Path EXAMPLE =
            Path.of("../examples/lambda-handler").toAbsolutePath().normalize();
    private static final Path CODE = EXAMPLE.resolve("target/lambda-handler-jar-with-dependencies.jar");
    private static final Pattern COUNTED = Pattern.compile("(\\d+) flights were (-?\\d+) minutes late");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Flights flights = Flights.read();

    @TempDir
    private Path folder;

    private ServerProcess start(String isolation) {
        flights.putInto(folder.resolve("data"));
        return new ServerProcess(
                folder,
                "--spring.config.location=" + EXAMPLE.resolve("application.yml"),
                "--shardmill.functions.delays.code=" + CODE,
                "--shardmill.functions.delays.isolation=" + isolation);
    }

    @Test
    void in_processes_of_its_own_it_sees_all_flights_and_none_of_them_outlives_a_killed_server() throws Exception {
        List<ProcessHandle> children;
        try (ServerProcess server = start("process")) {
            awaitAllFlights(server);
            children = server.descendants();
            assertThat(children).as("execution environments").isNotEmpty();
            server.kill();
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        assertThat(isolated()).containsExactlyInAnyOrderElementsOf(flights.broken());
    }

    @Test
    void in_the_servers_jvm_it_sees_all_flights() throws Exception {
        try (ServerProcess server = start("jvm")) {
            awaitAllFlights(server);
            assertThat(server.descendants()).isEmpty();
        }
        assertThat(isolated()).containsExactlyInAnyOrderElementsOf(flights.broken());
    }

    @Test
    void prometheus_scrapes_the_metrics_of_its_mapping() throws Exception {
        try (ServerProcess server = start("jvm")) {
            awaitAllFlights(server);
            HttpRequest scrape = HttpRequest.newBuilder(server.uri().resolve("/actuator/prometheus"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(scrape, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .containsPattern("shardmill_healthy\\{[^}]*mapping=\"delays\"[^}]*} 1\\.0")
                    .contains("shardmill_invocation_seconds_count{");
        }
    }

    @Test
    void the_guide_shows_the_configuration_that_ran() throws IOException {
        String yaml = Files.readString(EXAMPLE.resolve("application.yml"));
        assertThat(Files.readString(Path.of("../docs/guide/lambda-handlers.md")))
                .contains("```yaml\n" + yaml.substring(yaml.indexOf("shardmill:")) + "```");
    }

    /** Each flight once: nothing fails here but the broken records. */
    private void awaitAllFlights(ServerProcess server) {
        server.awaitUntil("all flights are counted", () -> sum(server.console(), 1) >= flights.whole());
        server.awaitUntil(
                "the broken ones are isolated",
                () -> isolated().size() >= flights.broken().size());
        assertThat(sum(server.console(), 1)).isEqualTo(flights.whole());
        assertThat(sum(server.console(), 2)).isEqualTo(flights.minutes());
    }

    private static long sum(String console, int group) {
        return COUNTED.matcher(console)
                .results()
                .mapToLong((MatchResult counted) -> Long.parseLong(counted.group(group)))
                .sum();
    }

    /** The texts of the records in the destination's file. */
    private List<String> isolated() {
        Path file = folder.resolve("data/isolated-by-lambda.jsonl");
        List<String> texts = new ArrayList<>();
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                JsonNode event =
                        JSON.readTree(JSON.readTree(line).path("payload").asString());
                event.path("Records")
                        .forEach(record -> texts.add(new String(
                                Base64.getDecoder()
                                        .decode(record.path("kinesis")
                                                .path("data")
                                                .asString()),
                                StandardCharsets.UTF_8)));
            }
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        return texts;
    }
}
