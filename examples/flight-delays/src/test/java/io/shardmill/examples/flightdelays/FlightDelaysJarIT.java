package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.examples.flightdelays.FlightFolder.Isolated;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application, as the README runs it. Each test goes on from a copy of what the first run left. */
class FlightDelaysJarIT {

    private static final String EXIT = "--exit-when-drained";
    private static final String STACK = "\tat ";
    private static final Pattern RESULT = Pattern.compile("(?m)^(RESULT .*)$");
    private static final Pattern PROGRESS = Pattern.compile("([\\d,]+) delivered \\(");
    private static final Pattern ENDPOINTS = Pattern.compile("(http://localhost:\\d+/actuator)");

    @TempDir
    private static Path folder;

    private static FlightFolder firstRun;
    private static String console;

    @TempDir
    private Path copies;

    @BeforeAll
    static void runOnce() {
        try (FlightProcess first = FlightProcess.ofJar(folder, EXIT)) {
            assertThat(first.awaitExit()).as(first::console).isZero();
            console = first.console();
        }
        firstRun = new FlightFolder(folder);
    }

    private static String run(FlightFolder folder, String... arguments) {
        try (FlightProcess process = FlightProcess.ofJar(folder.path(), arguments)) {
            assertThat(process.awaitExit()).as(process::console).isZero();
            return process.console();
        }
    }

    @Test
    void the_last_line_is_for_machines() {
        assertThat(console.lines().reduce((earlier, later) -> later).orElseThrow())
                .matches("RESULT records=20000 delivered=19995 isolated=5 retried=10 lost=0");
    }

    @Test
    void the_table_of_all_airports_equals_what_is_computed_from_the_file_by_other_means() {
        FlightFolder copy = firstRun.copyTo(copies.resolve("looked-at"));
        assertThat(copy.table()).isEqualTo(FlightsByHand.table());
    }

    @Test
    void exactly_the_broken_lines_arrive_at_the_destination() {
        assertThat(firstRun.isolated().stream().map(Isolated::text).sorted().toList())
                .isEqualTo(FlightsByHand.brokenTexts());
    }

    @Test
    void a_second_run_finds_the_stream_filled_and_delivers_nothing() {
        FlightFolder copy = firstRun.copyTo(copies.resolve("second"));
        String second = run(copy, EXIT);

        assertThat(second)
                .contains("All 20,000 flights are in the stream already")
                .contains("RESULT records=20000 delivered=0 isolated=0 retried=0 lost=0");
        assertThat(copy.table()).isEqualTo(FlightsByHand.table());
        assertThat(copy.stream()).hasSize(20_000);
    }

    @Test
    void a_replay_delivers_all_again_and_serves_until_sigterm_which_loses_no_checkpoint() throws Exception {
        FlightFolder copy = firstRun.copyTo(copies.resolve("replayed"));
        try (FlightProcess serving = FlightProcess.ofJar(copy.path(), "--shardmill.replay=TRIM_HORIZON")) {
            assertThat(serving.awaitOnConsole(RESULT))
                    .isEqualTo("RESULT records=20000 delivered=19995 isolated=5 retried=10 lost=0");

            String actuator = serving.awaitOnConsole(ENDPOINTS);
            assertThat(get(actuator + "/health")).contains("\"status\":\"UP\"");
            assertThat(get(actuator + "/shardmill/delays"))
                    .contains("\"stream\":\"flights\"", "\"state\":\"ENABLED\"", "shardId-000000000003");
            assertThat(serving.isAlive()).isTrue();

            serving.terminate();
            assertThat(serving.awaitExit()).as("128 + SIGTERM").isEqualTo(143);
            assertThat(serving.console()).doesNotContain("ERROR", STACK);
        }
        assertThat(copy.table()).isEqualTo(FlightsByHand.table());

        assertThat(run(copy, EXIT)).contains("RESULT records=20000 delivered=0 isolated=0 retried=0 lost=0");
    }

    @Test
    void a_run_that_is_stopped_in_the_middle_ends_with_one_line_and_the_next_goes_on() {
        Path path = copies.resolve("stopped");
        assertThat(path.toFile().mkdir()).isTrue();
        try (FlightProcess stopped = FlightProcess.ofJar(path)) {
            stopped.awaitOnConsole(PROGRESS);
            stopped.terminate();
            assertThat(stopped.awaitExit()).as("128 + SIGTERM").isEqualTo(143);

            assertThat(stopped.console()).doesNotContain("ERROR", STACK, "RESULT");
            assertThat(stopped.console().lines().filter(line -> line.contains("Stopped")))
                    .singleElement()
                    .asString()
                    .contains("delays");
        }
        assertThat(run(new FlightFolder(path), EXIT)).contains("lost=0");
        assertThat(new FlightFolder(path).table()).isEqualTo(FlightsByHand.table());
    }

    private static String get(String url) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
