package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.model.StreamConfig;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes {@link StoredFolder} as lines of JSON and reads it back, strictly. The first line is the folder, with the number
 * of streams; each stream's line has the number of the shard lines behind it. So a file that was cut behind a line is
 * noticed. Then come the {@link SegmentChange}s since, each of which counts as a version.
 */
final class MetadataLines {

    static final int FORMAT = 5;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private record FolderLine(int format, long version, int opening, LastRun lastRun, int streams) {}

    private record StreamLine(
            String name,
            UUID incarnation,
            StreamConfig config,
            List<ConsumerMeta> consumers,
            int nextShard,
            int shards) {}

    private record ShardLine(ShardMeta shard, ShardSegments segments) {}

    private record ChangeLine(SegmentChange.@Nullable Rolled rolled, SegmentChange.@Nullable Trimmed trimmed) {}

    private final Iterator<String> lines;
    private final Map<Shard, ShardSegments> segments = new HashMap<>();
    private int lineNumber;

    private MetadataLines(List<String> lines) {
        this.lines = lines.iterator();
    }

    static List<String> write(StoredFolder folder) {
        FolderMeta meta = folder.meta();
        List<String> lines = new ArrayList<>();
        lines.add(json(new FolderLine(
                FORMAT,
                folder.version(),
                meta.opening(),
                meta.lastRun(),
                meta.streams().size())));
        for (StreamMeta stream : meta.streams().values()) {
            lines.add(json(new StreamLine(
                    stream.name(),
                    stream.incarnation(),
                    stream.config(),
                    stream.consumers(),
                    stream.nextShard(),
                    stream.shards().size())));
            for (ShardMeta shard : stream.shards()) {
                lines.add(json(new ShardLine(shard, folder.segmentsOf(new Shard(stream.name(), shard.id())))));
            }
        }
        return lines;
    }

    static String write(SegmentChange change) {
        if (change instanceof SegmentChange.Rolled rolled) {
            return json(new ChangeLine(rolled, null));
        }
        if (change instanceof SegmentChange.Trimmed trimmed) {
            return json(new ChangeLine(null, trimmed));
        }
        throw new IllegalStateException("unknown change " + change);
    }

    private static String json(Object line) {
        return JSON.writeValueAsString(line);
    }

    /** @throws IllegalArgumentException naming the line and what is wrong with it */
    static StoredFolder read(List<String> lines) {
        MetadataLines reader = new MetadataLines(lines);
        try {
            return reader.folder();
        } catch (JacksonException e) {
            throw new IllegalArgumentException("line " + reader.lineNumber + ": " + e.getOriginalMessage(), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("line " + reader.lineNumber + ": " + e.getMessage(), e);
        }
    }

    private StoredFolder folder() {
        String first = next();
        requireFormat(first);
        FolderLine folder = JSON.readValue(first, FolderLine.class);
        require(folder.opening >= 0, "the opening number must not be negative");
        SortedMap<String, StreamMeta> streams = new TreeMap<>();
        for (int i = 0; i < folder.streams; i++) {
            StreamMeta stream = stream();
            require(streams.put(stream.name(), stream) == null, "stream '" + stream.name() + "' is there twice");
        }
        long version = folder.version;
        while (lines.hasNext()) {
            change(JSON.readValue(next(), ChangeLine.class));
            version++;
        }
        return new StoredFolder(version, new FolderMeta(folder.opening, folder.lastRun, streams), segments);
    }

    private static void requireFormat(String firstLine) {
        JsonNode format = JSON.readTree(firstLine).path("format");
        require(
                format.asInt(0) == FORMAT,
                "the folder has format " + format + "; this version of the software reads and writes format " + FORMAT
                        + ": use the version that wrote it");
    }

    private StreamMeta stream() {
        StreamLine line = JSON.readValue(next(), StreamLine.class);
        require(StreamMeta.isName(line.name), "'" + line.name + "' is not a stream name");
        StreamOptions.checkMaxRecordBytes(line.config.maxRecordBytes());
        StreamOptions.checkRetention(line.config.retention());
        List<ShardMeta> shards = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < line.shards; i++) {
            ShardMeta shard = shard(line.name);
            require(shard.index() > last && shard.index() < line.nextShard, "the shard's index is out of order");
            last = shard.index();
            shards.add(shard);
        }
        List<HashRange> open =
                shards.stream().filter(ShardMeta::isOpen).map(ShardMeta::range).toList();
        if (!open.isEmpty()) { // else the stream is closed
            HashRange.requireWholeRing(open);
        }
        return new StreamMeta(line.name, line.incarnation, line.config, line.consumers, line.nextShard, shards);
    }

    private ShardMeta shard(String stream) {
        ShardLine line = JSON.readValue(next(), ShardLine.class);
        segments.put(new Shard(stream, line.shard.id()), line.segments);
        return line.shard;
    }

    private void change(ChangeLine line) {
        SegmentChange change = line.rolled != null ? line.rolled : line.trimmed;
        if (change == null) {
            throw new IllegalArgumentException("must be a change of a shard's segments");
        }
        ShardSegments before = segments.getOrDefault(change.shard(), ShardSegments.NONE);
        segments.put(change.shard(), change.applyTo(before));
    }

    private String next() {
        lineNumber++;
        require(lines.hasNext(), "the file ends before it");
        return lines.next();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
