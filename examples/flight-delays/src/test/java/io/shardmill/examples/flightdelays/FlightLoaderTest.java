package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.examples.flightdelays.FlightFile.Line;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FlightLoaderTest {

    private final List<Line> lines = new FlightFile(JsonMapper.builder().build()).lines();
    private final EmbeddedStreams streams = EmbeddedStreams.temporary(Clock.systemUTC());
    private final FlightLoader loader = new FlightLoader(streams);

    @BeforeEach
    void create() {
        streams.createStream("flights", 4);
    }

    @AfterEach
    void close() {
        streams.close();
    }

    @Test
    void puts_every_airports_lines_in_order() {
        assertThat(loader.fill(lines)).isEqualTo(20_000);
        assertThat(streamOfEachAirport()).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    @Test
    void puts_nothing_twice() {
        loader.fill(lines);
        assertThat(loader.fill(lines)).isZero();
        assertThat(streamOfEachAirport()).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    @Test
    void completes_a_fill_that_was_cut_short() {
        // A crash in the middle of a putAll may leave some shards ahead of others.
        lines.subList(0, 7_500).forEach(this::put);
        lines.subList(7_500, 8_000).stream()
                .filter(line -> line.origin().compareTo("M") < 0)
                .forEach(this::put);
        long there =
                streamOfEachAirport().values().stream().mapToLong(List::size).sum();

        assertThat(loader.fill(lines)).isEqualTo((int) (20_000 - there));
        assertThat(streamOfEachAirport()).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    private void put(Line line) {
        streams.put("flights", PutEntry.of(line.origin(), line.text()));
    }

    private Map<String, List<String>> streamOfEachAirport() {
        Map<String, List<String>> texts = new TreeMap<>();
        for (StreamInfo.ShardInfo shard : streams.describe("flights").shards()) {
            for (Record each : streams.read("flights", shard.id(), Position.trimHorizon(), 20_000, 64 << 20)
                    .records()) {
                texts.computeIfAbsent(each.partitionKey(), key -> new ArrayList<>())
                        .add(each.text());
            }
        }
        return texts;
    }
}
