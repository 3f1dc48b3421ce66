package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.examples.flightdelays.FlightFile.Line;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamCatalog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import tools.jackson.databind.json.JsonMapper;

class FlightLoaderTest {

    private final List<Line> lines = new FlightFile(JsonMapper.builder().build()).lines();
    private final EmbeddedStreams streams = EmbeddedStreams.temporary(Clock.systemUTC());
    private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder()
            .setType(EmbeddedDatabaseType.H2)
            .generateUniqueName(true)
            .addScript("schema.sql")
            .build();
    private final FlightLoader loader = loader(streams);

    private FlightLoader loader(StreamWriter writer) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("streams", streams));
        return new FlightLoader(
                writer, beans.getBeanProvider(StreamCatalog.class), new LoadedLines(JdbcClient.create(database)));
    }

    @BeforeEach
    void create() {
        streams.createStream("flights", 4);
    }

    @AfterEach
    void close() {
        streams.close();
        database.shutdown();
    }

    @Test
    void puts_every_airports_lines_in_order() {
        assertThat(loader.fill(lines, put -> {})).isEqualTo(20_000);
        assertThat(streamOfEachAirport()).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    @Test
    void puts_nothing_twice() {
        loader.fill(lines, put -> {});
        assertThat(loader.fill(lines, put -> {})).isZero();
        assertThat(streamOfEachAirport()).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    @Test
    void a_fill_that_was_cut_short_goes_on_with_the_batch_that_may_be_there() {
        int batches = 3;
        assertThatThrownBy(() -> loader(new DyingWriter(batches)).fill(lines, put -> {}))
                .hasMessage("killed");

        int known = (batches - 1) * FlightLoader.BATCH;
        assertThat(loader.fill(lines, put -> {})).isEqualTo(20_000 - known);
        Map<String, List<String>> texts = streamOfEachAirport();
        assertThat(texts.values().stream().mapToInt(List::size).sum()).isEqualTo(20_000 + FlightLoader.BATCH);
        texts.replaceAll((airport, each) -> each.stream().distinct().toList());
        assertThat(texts).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    @Test
    void a_stream_that_was_deleted_and_created_again_is_filled_again() {
        loader.fill(lines, put -> {});
        streams.deleteStream("flights");
        streams.createStream("flights", 2);

        assertThat(loader.fill(lines, put -> {})).isEqualTo(20_000);
        assertThat(streamOfEachAirport()).isEqualTo(FlightsByHand.streamOfEachAirport());
    }

    /** Dies when a batch is stored, before anybody remembers it. */
    private final class DyingWriter implements StreamWriter {

        private int left;

        DyingWriter(int batches) {
            this.left = batches;
        }

        @Override
        public PutResult.Stored put(String stream, PutEntry entry) {
            return streams.put(stream, entry);
        }

        @Override
        public List<PutResult> putAll(String stream, List<PutEntry> entries) {
            List<PutResult> results = streams.putAll(stream, entries);
            if (--left == 0) {
                throw new IllegalStateException("killed");
            }
            return results;
        }
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
