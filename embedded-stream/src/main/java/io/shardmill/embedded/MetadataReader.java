package io.shardmill.embedded;

import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@link MetadataText} of this version and of version 1, strictly. */
final class MetadataReader {

    private static final String NUMBER = "[1-9][0-9]{0,8}";

    private final Iterator<String> lines;
    private int version;
    private int lineNumber;
    private String line = "";

    private MetadataReader(List<String> lines) {
        this.lines = lines.iterator();
    }

    /** @throws IllegalArgumentException naming the line and what is wrong with it */
    static FolderMeta read(String text) {
        MetadataReader reader = new MetadataReader(text.lines().toList());
        try {
            return reader.folder();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "line " + reader.lineNumber + " ('" + reader.line + "'): " + e.getMessage(), e);
        }
    }

    private FolderMeta folder() {
        next();
        version = version();
        next();
        int opening = Integer.parseInt(words("opening", 2)[1]);
        require(opening >= 0, "the opening number must not be negative");
        SortedMap<String, StreamMeta> streams = new TreeMap<>();
        next();
        while (line.startsWith("stream ")) {
            StreamMeta stream = stream();
            require(streams.put(stream.name(), stream) == null, "stream '" + stream.name() + "' is there twice");
        }
        String counted = version == 1 ? "" : " " + (lineNumber - 1);
        require(line.equals(MetadataText.LAST + counted), "must be '" + MetadataText.LAST + counted + "', or a stream");
        require(!lines.hasNext(), "something follows the last line");
        return new FolderMeta(opening, streams);
    }

    private int version() {
        String[] words = words(MetadataText.NAME, 2);
        require(words[1].matches(NUMBER), "'" + words[1] + "' is no version number");
        int found = Integer.parseInt(words[1]);
        require(
                found <= MetadataText.VERSION,
                "the folder was written by a newer version of this software, whose format is " + found
                        + "; this one reads formats up to " + MetadataText.VERSION + ": use the newer one");
        return found;
    }

    private StreamMeta stream() {
        String[] words = words("stream", version == 1 ? 6 : 8);
        require(StreamMeta.isName(words[1]), "'" + words[1] + "' is no stream name");
        int maxRecordBytes = Integer.parseInt(words[3]);
        StreamOptions.checkMaxRecordBytes(maxRecordBytes);
        Duration retention = Duration.ofMillis(Long.parseLong(words[4]));
        StreamOptions.checkRetention(retention);
        int nextShard = Integer.parseInt(words[5]);
        Instant created = version == 1 ? null : Instant.ofEpochMilli(Long.parseLong(words[6]));
        StreamMode mode = version == 1 ? StreamMode.PROVISIONED : StreamMode.valueOf(words[7]);
        next();
        SortedMap<String, String> tags = tags();
        List<ConsumerMeta> consumers = new ArrayList<>();
        while (line.startsWith("consumer ")) {
            consumers.add(consumer());
        }
        List<ShardMeta> shards = shards(nextShard);
        StreamTraits traits = new StreamTraits(
                created == null ? firstCreationOf(shards) : created, mode, maxRecordBytes, retention, tags);
        return new StreamMeta(words[1], words[2], traits, consumers, nextShard, shards);
    }

    private static Instant firstCreationOf(List<ShardMeta> shards) {
        return Instant.ofEpochSecond(
                shards.stream().mapToLong(ShardMeta::createdSecond).min().orElse(0));
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
        require(StreamMeta.isName(words[1]), "'" + words[1] + "' is no consumer name");
        long created = Long.parseLong(words[2]);
        next();
        return new ConsumerMeta(words[1], created, tags());
    }

    private List<ShardMeta> shards(int nextShard) {
        List<ShardMeta> shards = new ArrayList<>();
        int last = -1;
        while (line.startsWith("shard ")) {
            ShardMeta shard = shard();
            require(shard.index() > last && shard.index() < nextShard, "the shard's index is out of order");
            last = shard.index();
            shards.add(shard);
            next();
        }
        Routing.requireWholeRing(
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

    private void next() {
        require(lines.hasNext(), "the file ends here; its last line must be '" + MetadataText.LAST + "'");
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
