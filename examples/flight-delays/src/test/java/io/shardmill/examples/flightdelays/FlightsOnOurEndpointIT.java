package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** In place of AWS another application serves its embedded streams. */
class FlightsOnOurEndpointIT extends FlightsOnKinesisContract {

    private static final Pattern FILL = Pattern.compile("([\\d,]+) of 20,000 put");

    @TempDir
    private static Path data;

    private static ConfigurableApplicationContext server;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Server {}

    @BeforeAll
    static void start() {
        server = new SpringApplicationBuilder(Server.class)
                .run(
                        "--spring.config.location=" + data.toUri(), // and not the example's, which is empty there
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--shardmill.data-dir=" + data,
                        "--shardmill.streams.flights.shards=4",
                        "--shardmill.streams.flights-killed.shards=4",
                        "--shardmill.streams.flights-moved.shards=4");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port"));
    }

    @Test
    void nothing_is_lost_by_kill_9() {
        try (FlightProcess killed = FlightProcess.onKinesis(endpoint(), "flights-killed", folder)) {
            killed.awaitOnConsole(FILL);
            killed.kill();
        }
        assertThat(run("flights-killed")).endsWith(" lost=0");
        assertTableAndDestinationAreRight();
    }

    @Test
    void a_folder_that_comes_from_the_embedded_stream_keeps_its_table() {
        try (FlightProcess embedded = FlightProcess.ofJar(folder, EXIT)) {
            assertThat(embedded.awaitExit()).as(embedded::console).isZero();
        }
        assertThat(run("flights-moved")).isEqualTo(ALL_DELIVERED);
        assertTableAndDestinationAreRight();
    }
}
