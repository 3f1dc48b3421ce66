package io.shardmill.poller.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.InvalidMappingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsTest {

    private static final String STREAM = "orders";
    private static final OnFailureDestination BEAN = batch -> {};
    private static final OnFailureDestination QUEUE = batch -> {};

    @TempDir
    private Path folder;

    private final BuiltInDestinations builtIn = new BuiltInDestinations();
    private final DestinationCatalog queues =
            name -> name.startsWith("arn:aws:sqs:") ? Optional.of(QUEUE) : Optional.empty();
    private final Destinations destinations = new Destinations(Map.of("archive", BEAN), List.of(builtIn, queues));

    @AfterEach
    void close() throws Exception {
        builtIn.close();
    }

    @Test
    void finds_what_is_registered_what_is_built_in_and_what_other_catalogs_serve() {
        assertThat(destinations.require("archive", STREAM)).isSameAs(BEAN);
        assertThat(destinations.require("log", STREAM)).isInstanceOf(LogDestination.class);
        assertThat(destinations.require("arn:aws:sqs:us-east-1:1:q", STREAM)).isSameAs(QUEUE);
    }

    @Test
    void mappings_that_name_one_file_share_it() throws Exception {
        OnFailureDestination first = destinations.require("file:" + folder.resolve("x.jsonl"), STREAM);
        OnFailureDestination second = destinations.require("file:" + folder.resolve("sub/../x.jsonl"), STREAM);
        assertThat(first).isSameAs(second);
        first.send(Discarded.batch("a"));
        assertThat(Files.readAllLines(folder.resolve("x.jsonl"))).hasSize(1);
    }

    @Test
    void an_unknown_name_is_an_error_that_says_what_is_possible() {
        assertThatThrownBy(() -> destinations.require("archiv", STREAM))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContainingAll(
                        "on-failure", "'archiv'", "file:<path>", "log", "kafka://<topic>", "[archive]");
    }

    @Test
    void a_destination_that_does_not_take_the_stream_is_an_error_that_says_why() {
        OnFailureDestination picky = new OnFailureDestination() {
            @Override
            public void send(DiscardedBatch batch) {}

            @Override
            public void requireTakes(String stream) {
                if (stream.equals(STREAM)) {
                    throw new IllegalArgumentException("it takes no orders; name another");
                }
            }
        };
        Destinations of = new Destinations(Map.of("picky", picky), List.of());

        assertThat(of.require("picky", "payments")).isSameAs(picky);
        assertThatThrownBy(() -> of.require("picky", STREAM))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessage("on-failure: 'picky' can't be used: it takes no orders; name another");
    }

    @Test
    void a_file_that_can_not_be_opened_is_an_error_at_start() {
        assertThatThrownBy(() -> destinations.require("file:" + folder, STREAM))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContainingAll("on-failure", "'file:" + folder + "'", "can't be opened");
        assertThatThrownBy(() -> destinations.require("file:", STREAM))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageContaining("path is missing");
    }
}
