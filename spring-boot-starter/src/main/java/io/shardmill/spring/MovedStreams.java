package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.poller.stream.MovedStream;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.spring.ShardmillProperties.StartingPositionType;
import io.shardmill.spring.ShardmillProperties.Stream.Move;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Streams that were moved, each with the stream that mappings read to its end first. */
record MovedStreams(StreamCatalog successors, Map<String, Predecessor> predecessors) implements StreamCatalog {

    /**
     * Closes the embedded streams that were moved, so that their ends stay where they are.
     *
     * @throws ShardmillConfigurationException if properties break rules, with all of them; then nothing is closed
     */
    static MovedStreams of(
            ShardmillProperties properties, StreamCatalog successors, @Nullable EmbeddedStreams embedded, Instant now) {
        Map<String, Predecessor> predecessors = new LinkedHashMap<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.streams().forEach((name, stream) -> {
            if (stream.kinesis() != null && stream.move() != null) {
                try {
                    predecessors.put(name, predecessor(name, stream.move(), properties.dataDir(), embedded, now));
                } catch (ShardmillConfigurationException fault) {
                    faults.add(fault);
                }
            }
        });
        ShardmillConfigurationException.throwIfAny(faults);
        if (embedded != null) {
            predecessors.keySet().stream().filter(embedded.list()::contains).forEach(embedded::closeStream);
        }
        return new MovedStreams(successors, predecessors);
    }

    private static Predecessor predecessor(
            String name, Move move, Path dataDir, @Nullable EmbeddedStreams embedded, Instant now) {
        String property = "shardmill.streams." + name + ".move";
        if (move.from() == null) {
            throw new ShardmillConfigurationException(property + ".from", "is required; set it to embedded");
        }
        StreamSource source = embedded == null ? null : embedded.find(name).orElse(null);
        if (source == null) {
            throw new ShardmillConfigurationException(
                    property + ".from",
                    "embedded; there can't be an embedded stream '" + name + "' in this application; remove "
                            + property);
        }
        return new Predecessor(
                "embedded stream",
                source,
                position(property, move, now),
                "bring data-dir " + dataDir.toAbsolutePath().normalize() + " back as it was, or remove " + property
                        + " to begin without its records");
    }

    private static StartingPosition position(String property, Move move, Instant now) {
        StartingPositionType type = move.startingPosition();
        Instant timestamp = move.startingPositionTimestamp();
        if (type == StartingPositionType.LATEST) {
            throw new ShardmillConfigurationException(
                    property + ".starting-position",
                    "LATEST; leaves out what is put before a mapping has read the embedded stream to its end; set it to"
                            + " TRIM_HORIZON or AT_TIMESTAMP");
        }
        boolean needsTimestamp = type == StartingPositionType.AT_TIMESTAMP;
        if (needsTimestamp != (timestamp != null)) {
            throw new ShardmillConfigurationException(
                    property + ".starting-position-timestamp",
                    needsTimestamp
                            ? "is required with starting-position AT_TIMESTAMP; set it to a time before the first record"
                                    + " that is put into the Kinesis stream"
                            : timestamp + "; is not valid with starting-position " + type + "; remove it");
        }
        if (timestamp != null && timestamp.isAfter(now)) {
            throw new ShardmillConfigurationException(
                    property + ".starting-position-timestamp",
                    timestamp + "; must not be in the future, or what is put until then is left out");
        }
        return StartingPosition.of(type.name(), timestamp);
    }

    @Override
    public Optional<StreamSource> find(String name) {
        Predecessor predecessor = predecessors.get(name);
        return predecessor == null
                ? Optional.empty()
                : successors.find(name).map(source -> new MovedStream(source, predecessor));
    }
}
