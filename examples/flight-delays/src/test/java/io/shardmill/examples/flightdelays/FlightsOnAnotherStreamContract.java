package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.examples.flightdelays.FlightFolder.Isolated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells of the example holds on other streams, too, with two more properties. */
abstract class FlightsOnAnotherStreamContract {

    static final String EXIT = "--exit-when-drained";
    private static final int ATTEMPTS_AGAIN = 2;

    @TempDir
    Path folder;

    private final int flights;

    /** @param flights how many are put: a slow stream is given fewer */
    FlightsOnAnotherStreamContract(int flights) {
        this.flights = flights;
    }

    /** Starts the example on a stream of four shards: {@code flights}, or another one that the test has made. */
    abstract FlightProcess start(String stream, String... arguments);

    /** Returns properties under which the tip of a shard is read rarely. */
    String[] slowly() {
        return new String[0];
    }

    final String allDelivered() {
        int isolated = FlightsByHand.brokenTexts(flights).size();
        return "RESULT records=%d delivered=%d isolated=%d retried=%d lost=0"
                .formatted(flights, flights - isolated, isolated, ATTEMPTS_AGAIN * isolated);
    }

    final String run(String stream, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(EXIT, "--flights=" + flights));
        arguments.addAll(List.of(properties));
        try (FlightProcess process = start(stream, arguments.toArray(String[]::new))) {
            assertThat(process.awaitExit()).as(process::console).isZero();
            return process.result();
        }
    }

    final void assertTableAndDestinationAreRight() {
        FlightFolder place = new FlightFolder(folder);
        assertThat(place.table()).isEqualTo(FlightsByHand.table(flights));
        assertThat(place.isolated().stream()
                        .map(Isolated::text)
                        .distinct()
                        .sorted()
                        .toList())
                .isEqualTo(FlightsByHand.brokenTexts(flights));
    }

    @Test
    void all_flights_are_delivered_and_none_by_a_second_run() {
        assertThat(run("flights")).isEqualTo(allDelivered());
        assertTableAndDestinationAreRight();

        assertThat(run("flights", slowly()))
                .isEqualTo("RESULT records=%d delivered=0 isolated=0 retried=0 lost=0".formatted(flights));
        assertTableAndDestinationAreRight();
    }
}
