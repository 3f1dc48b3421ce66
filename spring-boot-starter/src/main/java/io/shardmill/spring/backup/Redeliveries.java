package io.shardmill.spring.backup;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.poller.checkpoint.jdbc.TableRow;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.spring.backup.RestoreReport.Redelivery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what mappings will deliver of restored streams. */
final class Redeliveries {

    private static final int RECORDS_AT_ONCE = 10_000;
    private static final int BYTES_AT_ONCE = 4 << 20;

    /** A mapping on one incarnation of its stream. */
    private record Reading(String mapping, String stream, String incarnation) {}

    private final EmbeddedStreams streams;
    private final List<Redelivery> found = new ArrayList<>();

    private Redeliveries(EmbeddedStreams streams) {
        this.streams = streams;
    }

    /** Opens the streams for it; so what can't be opened fails the restore. */
    static List<Redelivery> in(Path dataDir, Clock clock) throws IOException {
        Map<Reading, Map<String, Optional<Position>>> readings = new LinkedHashMap<>();
        CheckpointFile.in(dataDir.resolve(RestoredFolder.RESTORE)).forEach(row -> {
            Reading reading = reading(row);
            if (reading != null) {
                readings.computeIfAbsent(reading, key -> new LinkedHashMap<>())
                        .put(String.valueOf(row.text("shard")), CheckpointBackup.position(row));
            }
        });
        try (EmbeddedStreams streams =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(dataDir.resolve(RestoredFolder.STREAMS))
                        .withClock(clock))) {
            Redeliveries redeliveries = new Redeliveries(streams);
            readings.forEach(redeliveries::count);
            return redeliveries.found;
        }
    }

    /** Null for a row of another table. */
    private static @Nullable Reading reading(TableRow row) {
        String incarnation = row.text("incarnation");
        return incarnation == null
                ? null
                : new Reading(String.valueOf(row.text("mapping")), String.valueOf(row.text("stream")), incarnation);
    }

    private void count(Reading reading, Map<String, Optional<Position>> rows) {
        StreamSource source = streams.find(reading.stream).orElse(null);
        if (source == null) {
            return;
        }
        StreamDescription stream;
        try {
            stream = source.describe();
        } catch (StreamNotFoundException deleted) {
            return;
        }
        if (!stream.incarnation().equals(reading.incarnation)) {
            return;
        }
        for (ShardDescription shard : stream.shards()) {
            // A shard without a row came after the checkpoints were read.
            rows.getOrDefault(shard.id(), Optional.of(Position.trimHorizon()))
                    .ifPresent(position -> count(reading, source, shard.id(), position));
        }
    }

    private void count(Reading reading, StreamSource source, String shard, Position position) {
        long records = 0;
        String problem = null;
        try (ShardReader reader = source.open(shard, position, () -> {})) {
            ReadResult result = reader.read(RECORDS_AT_ONCE, BYTES_AT_ONCE);
            while (result instanceof ReadResult.Records || result instanceof ReadResult.Trimmed) {
                records += result instanceof ReadResult.Records read
                        ? read.records().size()
                        : 0;
                result = reader.read(RECORDS_AT_ONCE, BYTES_AT_ONCE);
            }
            problem = result instanceof ReadResult.Unavailable unavailable ? unavailable.reason() : null;
        }
        if (records > 0 || problem != null) {
            found.add(new Redelivery(reading.mapping, reading.stream, shard, position.toString(), records, problem));
        }
    }
}
