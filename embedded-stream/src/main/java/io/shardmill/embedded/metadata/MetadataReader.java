package io.shardmill.embedded.metadata;

import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamConfig;
import io.shardmill.function.Shard;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads {@link MetadataText}, strictly. */
final class MetadataReader {

    private static final String NUMBER = "[1-9][0-9]{0,8}";

    private final Iterator<String> lines;
    private final Map<Shard, ShardSegments> segments = new HashMap<>();
    private int lineNumber;
    private String line = "";

    private MetadataReader(List<String> lines) {
        this.lines = lines.iterator();
    }

    /** @throws IllegalArgumentException naming the line and what is wrong with it */
    static StoredFolder read(List<String> lines) {
        MetadataReader reader = new MetadataReader(lines);
        try {
            return reader.folder();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "line " + reader.lineNumber + " ('" + reader.line + "'): " + e.getMessage(), e);
        }
    }

    private StoredFolder folder() {
        next();
        requireFormat();
        next();
        long version = Long.parseLong(words("version", 2)[1]);
        next();
        int opening = Integer.parseInt(words("opening", 2)[1]);
        require(opening >= 0, "the opening number must not be negative");
        next();
        LastRun run = run();
        SortedMap<String, StreamMeta> streams = new TreeMap<>();
        next();
        while (line.startsWith("stream ")) {
            StreamMeta stream = stream();
            require(streams.put(stream.name(), stream) == null, "stream '" + stream.name() + "' is there twice");
        }
        String last = MetadataText.LAST + " " + (lineNumber - 1);
        require(line.equals(last), "must be '" + last + "', or a stream");
        while (lines.hasNext()) {
            next();
            change();
            version++;
        }
        return new StoredFolder(version, new FolderMeta(opening, run, streams), segments);
    }

    private void requireFormat() {
        String[] words = words(MetadataText.NAME, 2);
        require(words[1].matches(NUMBER), "'" + words[1] + "' is not a format number");
        require(
                Integer.parseInt(words[1]) == MetadataText.FORMAT,
                "the folder has format " + words[1] + "; this version of the software reads and writes format "
                        + MetadataText.FORMAT + ": use the version that wrote it");
    }

    private LastRun run() {
        String[] words = words("run", 4);
        boolean stopped = words[1].equals(MetadataText.STOPPED);
        require(stopped || words[1].equals(MetadataText.RUNNING), "'" + words[1] + "' must be stopped or running");
        return new LastRun(stopped, Durability.valueOf(words[2]), words[3]);
    }

    private StreamMeta stream() {
        String[] words = words("stream", 8);
        require(StreamMeta.isName(words[1]), "'" + words[1] + "' is not a stream name");
        int maxRecordBytes = Integer.parseInt(words[3]);
        StreamOptions.checkMaxRecordBytes(maxRecordBytes);
        Duration retention = Duration.ofMillis(Long.parseLong(words[4]));
        StreamOptions.checkRetention(retention);
        int nextShard = Integer.parseInt(words[5]);
        Instant created = Instant.ofEpochMilli(Long.parseLong(words[6]));
        StreamMode mode = StreamMode.valueOf(words[7]);
        next();
        StreamConfig config = new StreamConfig(created, mode, maxRecordBytes, retention, tags());
        List<ConsumerMeta> consumers = new ArrayList<>();
        while (line.startsWith("consumer ")) {
            consumers.add(consumer());
        }
        return new StreamMeta(
                words[1], UUID.fromString(words[2]), config, consumers, nextShard, shards(words[1], nextShard));
    }

    private SortedMap<String, String> tags() {
        SortedMap<String, String> tags = new TreeMap<>();
        while (line.startsWith("tag ")) {
            String tag = words("tag", 2)[1];
            int equals = tag.indexOf('=');
            require(equals > 0, "'" + tag + "' must be a key and a value, separated by an equals sign");
            tags.put(decoded(tag.substring(0, equals)), decoded(tag.substring(equals + 1)));
            next();
        }
        return tags;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private ConsumerMeta consumer() {
        String[] words = words("consumer", 3);
        require(StreamMeta.isName(words[1]), "'" + words[1] + "' is not a consumer name");
        long created = Long.parseLong(words[2]);
        next();
        return new ConsumerMeta(words[1], created, tags());
    }

    private List<ShardMeta> shards(String stream, int nextShard) {
        List<ShardMeta> shards = new ArrayList<>();
        int last = -1;
        while (line.startsWith("shard ")) {
            ShardMeta shard = shard();
            require(shard.index() > last && shard.index() < nextShard, "the shard's index is out of order");
            last = shard.index();
            shards.add(shard);
            next();
            if (line.startsWith("segments ")) {
                segments.put(new Shard(stream, shard.id()), segmentsOf(line.split(" ", -1)));
                next();
            }
        }
        HashRange.requireWholeRing(
                shards.stream().filter(ShardMeta::isOpen).map(ShardMeta::range).toList());
        return shards;
    }

    private ShardMeta shard() {
        String[] words = words("shard", 7);
        HashRange range = new HashRange(HashKey.of(new BigInteger(words[3])), HashKey.of(new BigInteger(words[4])));
        List<Integer> parents = words[5].equals(MetadataText.NONE)
                ? List.of()
                : Arrays.stream(words[5].split(",")).map(Integer::valueOf).toList();
        require(parents.size() <= 2, "a shard has at most two parents");
        return new ShardMeta(Integer.parseInt(words[1]), Long.parseLong(words[2]), range, parents, closing(words[6]));
    }

    private static ShardMeta.@Nullable Closing closing(String word) {
        if (word.equals(MetadataText.NONE)) {
            return null;
        }
        int comma = word.indexOf(',');
        require(comma > 0, "'" + word + "' must be a counter and a time, separated by a comma");
        return new ShardMeta.Closing(
                Long.parseLong(word.substring(0, comma)), Long.parseLong(word.substring(comma + 1)));
    }

    private static ShardSegments segmentsOf(String[] words) {
        return new ShardSegments(
                counter(words[1]),
                Arrays.stream(words).skip(2).map(MetadataReader::segment).toList());
    }

    private static SegmentMeta segment(String word) {
        String[] facts = word.split(":", -1);
        require(facts.length == 3, "'" + word + "' must be a base, a length and a counter, separated by colons");
        return new SegmentMeta(counter(facts[0]), Integer.parseInt(facts[1]), counter(facts[2]));
    }

    private static long counter(String word) {
        return Long.parseLong(word, 16);
    }

    /** Applies a change that was made after the file was written as a whole. */
    private void change() {
        boolean rolled = line.startsWith("rolled ");
        String[] words = words(rolled ? "rolled" : "trimmed", 5);
        Shard shard = new Shard(words[1], SequenceNumbers.shardId(Integer.parseInt(words[2])));
        SegmentMeta sealed = !rolled || words[3].equals(MetadataText.NONE) ? null : segment(words[3]);
        SegmentChange change = rolled
                ? new SegmentChange.Rolled(shard, sealed, segment(words[4]))
                : new SegmentChange.Trimmed(shard, counter(words[3]), counter(words[4]));
        segments.put(shard, change.applyTo(segments.getOrDefault(shard, ShardSegments.NONE)));
    }

    private void next() {
        require(lines.hasNext(), "the file ends here, without the line '" + MetadataText.LAST + "'");
        line = lines.next();
        lineNumber++;
    }

    private String[] words(String first, int count) {
        String[] words = line.split(" ", -1);
        require(
                words[0].equals(first) && words.length == count,
                "must be '" + first + "' and " + (count - 1) + " more");
        return words;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
