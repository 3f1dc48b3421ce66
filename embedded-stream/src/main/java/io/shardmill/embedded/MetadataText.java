package io.shardmill.embedded;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@link FolderMeta} as text: one fact a line, words separated by one space, read back strictly.
 *
 * <pre>
 * shardmill-streams 1
 * opening 3
 * stream orders 5b1f… 1048576 86400000 1
 * shard 0 1790000000 0 340282366920938463463374607431768211455 - -
 * end
 * </pre>
 *
 * A stream's words: name, incarnation, largest record in bytes, retention in milliseconds, next shard's index. A
 * shard's: index, creation second, start and end of its hash range, parents (or -), closing counter and millis (or -).
 */
final class MetadataText {

    private static final String FIRST_LINE = "shardmill-streams 1";
    private static final String LAST_LINE = "end";
    private static final String NONE = "-";

    private final Iterator<String> lines;
    private int lineNumber;
    private String line = "";

    private MetadataText(List<String> lines) {
        this.lines = lines.iterator();
    }

    static String write(FolderMeta meta) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        text.append("opening ").append(meta.opening()).append('\n');
        for (StreamMeta stream : meta.streams().values()) {
            appendLine(
                    text,
                    "stream",
                    stream.name(),
                    stream.incarnation(),
                    stream.maxRecordBytes(),
                    stream.retention().toMillis(),
                    stream.nextShard());
            for (ShardMeta shard : stream.shards()) {
                ShardMeta.Closing closing = shard.closing();
                appendLine(
                        text,
                        "shard",
                        shard.index(),
                        shard.createdSecond(),
                        shard.range().start(),
                        shard.range().end(),
                        shard.parents().isEmpty() ? NONE : joined(shard.parents()),
                        closing == null ? NONE : closing.counter() + "," + closing.millis());
            }
        }
        return text.append(LAST_LINE).append('\n').toString();
    }

    private static void appendLine(StringBuilder text, Object... words) {
        text.append(String.join(" ", Arrays.stream(words).map(Object::toString).toList()))
                .append('\n');
    }

    private static String joined(List<Integer> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }

    /** @throws IllegalArgumentException naming the line and what is wrong with it */
    static FolderMeta read(String text) {
        MetadataText reader = new MetadataText(text.lines().toList());
        try {
            return reader.folder();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "line " + reader.lineNumber + " ('" + reader.line + "'): " + e.getMessage(), e);
        }
    }

    private FolderMeta folder() {
        next();
        require(line.equals(FIRST_LINE), "must be '" + FIRST_LINE + "'; written by another version?");
        next();
        int opening = Integer.parseInt(words("opening", 2)[1]);
        require(opening >= 0, "the opening number must not be negative");
        SortedMap<String, StreamMeta> streams = new TreeMap<>();
        next();
        while (!line.equals(LAST_LINE)) {
            StreamMeta stream = stream();
            require(streams.put(stream.name(), stream) == null, "stream '" + stream.name() + "' is there twice");
        }
        require(!lines.hasNext(), "something follows the last line");
        return new FolderMeta(opening, streams);
    }

    private StreamMeta stream() {
        String[] words = words("stream", 6);
        require(StreamMeta.isName(words[1]), "'" + words[1] + "' is no stream name");
        int maxRecordBytes = Integer.parseInt(words[3]);
        StreamOptions.checkMaxRecordBytes(maxRecordBytes);
        Duration retention = Duration.ofMillis(Long.parseLong(words[4]));
        StreamOptions.checkRetention(retention);
        int nextShard = Integer.parseInt(words[5]);
        List<ShardMeta> shards = new ArrayList<>();
        next();
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
        return new StreamMeta(words[1], words[2], maxRecordBytes, retention, nextShard, shards);
    }

    private ShardMeta shard() {
        String[] words = words("shard", 7);
        HashRange range = new HashRange(HashKey.of(new BigInteger(words[3])), HashKey.of(new BigInteger(words[4])));
        List<Integer> parents = words[5].equals(NONE)
                ? List.of()
                : Arrays.stream(words[5].split(",")).map(Integer::valueOf).toList();
        require(parents.size() <= 2, "a shard has at most two parents");
        return new ShardMeta(Integer.parseInt(words[1]), Long.parseLong(words[2]), range, parents, closing(words[6]));
    }

    private static ShardMeta.@Nullable Closing closing(String word) {
        if (word.equals(NONE)) {
            return null;
        }
        int comma = word.indexOf(',');
        require(comma > 0, "'" + word + "' must be a counter and a time, separated by a comma");
        return new ShardMeta.Closing(
                Long.parseLong(word.substring(0, comma)), Long.parseLong(word.substring(comma + 1)));
    }

    private void next() {
        require(lines.hasNext(), "the file ends here; its last line must be '" + LAST_LINE + "'");
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
