package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.examples.flightdelays.FlightFolder.Isolated;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells of the example holds on Kinesis, too, with two more properties. */
abstract class FlightsOnKinesisContract {

    static final String EXIT = "--exit-when-drained";
    static final String ALL_DELIVERED = "RESULT records=20000 delivered=19995 isolated=5 retried=10 lost=0";
    private static final String NOTHING_DELIVERED = "RESULT records=20000 delivered=0 isolated=0 retried=0 lost=0";

    @TempDir
    Path folder;

    /** Of a Kinesis that has the stream {@code flights}, of four shards. */
    abstract URI endpoint();

    final String run(String stream) {
        try (FlightProcess process = FlightProcess.onKinesis(endpoint(), stream, folder, EXIT)) {
            assertThat(process.awaitExit()).as(process::console).isZero();
            return process.result();
        }
    }

    final void assertTableAndDestinationAreRight() {
        FlightFolder place = new FlightFolder(folder);
        assertThat(place.table()).isEqualTo(FlightsByHand.table());
        assertThat(place.isolated().stream()
                        .map(Isolated::text)
                        .distinct()
                        .sorted()
                        .toList())
                .isEqualTo(FlightsByHand.brokenTexts());
    }

    @Test
    void all_flights_are_delivered_and_none_by_a_second_run() {
        assertThat(run("flights")).isEqualTo(ALL_DELIVERED);
        assertTableAndDestinationAreRight();

        assertThat(run("flights")).isEqualTo(NOTHING_DELIVERED);
        assertTableAndDestinationAreRight();
    }
}
