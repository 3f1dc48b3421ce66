package io.shardmill.examples.flightdelays;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.examples.flightdelays.FlightsByHand.Airport;
import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.stream.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder an example ran in, looked at from outside while no process has it open. */
record FlightFolder(Path path) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A record that the on-failure destination has. */
    record Isolated(String sequenceNumber, String text) {}

    FlightFolder copyTo(Path target) {
        try {
            FileSystemUtils.copyRecursively(path, target);
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
        return new FlightFolder(target);
    }

    /** The size of the stream's files now, while a process writes them; 0 before there are any. */
    long streamBytes() {
        try (Stream<Path> files = Files.walk(path.resolve("data/streams"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException notThereYet) {
            return 0;
        }
    }

    private DataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:" + path.resolve("data/flight-delays").toAbsolutePath());
        return database;
    }

    Map<String, Airport> table() {
        Map<String, Airport> table = new TreeMap<>();
        JdbcClient.create(database()).sql("select * from airport_delay").query(row -> {
            table.put(
                    row.getString("airport"),
                    new Airport(row.getInt("flights"), row.getLong("total_delay"), row.getInt("worst_delay")));
        });
        return table;
    }

    /** The checkpoints' rows by shard; none if the database was not made yet. */
    Map<String, CheckpointRow> checkpoints() {
        Map<String, CheckpointRow> rows = new TreeMap<>();
        if (hasTable("SHARDMILL_CHECKPOINT")) {
            JdbcCheckpointStore store = new JdbcCheckpointStore(database());
            store.mappings("flight-delays").forEach(key -> store.load(key).forEach(row -> rows.put(row.shard(), row)));
        }
        return rows;
    }

    private boolean hasTable(String name) {
        return JdbcClient.create(database())
                        .sql("select count(*) from information_schema.tables where table_name = ?")
                        .param(name)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** All documents of the destination's file, those that were sent again included. */
    List<Isolated> isolated() {
        Path file = path.resolve("data/isolated.jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Isolated> isolated = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.filter(FlightFolder::isWhole).forEach(line -> {
                JsonNode event =
                        JSON.readTree(JSON.readTree(line).path("payload").asString());
                event.path("Records")
                        .forEach(each -> isolated.add(isolated(each.path("kinesis"), "sequenceNumber", "data")));
                event.path("records")
                        .forEach(each -> each.forEach(record -> isolated.add(isolated(record, "offset", "value"))));
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return isolated;
    }

    /** A line is cut short where the process was killed while it wrote. */
    private static boolean isWhole(String line) {
        try {
            JSON.readTree(line);
            return !line.isBlank();
        } catch (JacksonException cut) {
            return false;
        }
    }

    private static Isolated isolated(JsonNode record, String number, String data) {
        return new Isolated(
                record.path(number).asString(),
                new String(Base64.getDecoder().decode(record.path(data).asString()), StandardCharsets.UTF_8));
    }

    /** Everything in the stream, in the order of each shard; nothing if the process died before it was made. */
    List<Record> stream() {
        List<Record> records = new ArrayList<>();
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(path.resolve("data/streams")))) {
            if (streams.list().contains("flights")) {
                for (StreamInfo.ShardInfo shard : streams.describe("flights").shards()) {
                    read(streams, shard.id(), records);
                }
            }
        }
        return records;
    }

    private static void read(EmbeddedStreams streams, String shard, List<Record> records) {
        Position position = Position.trimHorizon();
        for (; ; ) {
            ShardPage page = streams.read("flights", shard, position, 10_000, 10 << 20);
            if (page.records().isEmpty()) {
                return;
            }
            records.addAll(page.records());
            position =
                    Position.after(page.records().get(page.records().size() - 1).sequenceNumber());
        }
    }
}
