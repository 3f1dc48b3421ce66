package io.shardmill.embedded.metadata;

import io.shardmill.embedded.model.StreamConfig;
import io.shardmill.function.Shard;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@link StoredFolder} as text: one fact a line, words separated by one space. {@link MetadataReader} reads it back.
 *
 * <pre>
 * shardmill-streams 3
 * version 57
 * opening 3
 * run running PROCESS eae3c5cb-…
 * stream orders 5b1f… 1048576 86400000 1 1790000000000 PROVISIONED
 * tag team=blue
 * consumer billing 1790000000000
 * tag cost+centre=7
 * shard 0 1790000000 0 340282366920938463463374607431768211455 - -
 * segments 0 10000000008:67108800:10000004711 10000004712:64:10000004711
 * end 10
 * rolled orders 0 10000004712:67108000:10000009000 10000009001:64:10000009000
 * trimmed orders 0 10000004711 10000004712
 * </pre>
 *
 * <p>A stream's words: name, incarnation, largest record in bytes, retention in milliseconds, next shard's index,
 * creation in milliseconds, mode. A tag, URL-encoded, is the stream's or the consumer's above it. A consumer's words:
 * name, creation in milliseconds. A shard's: index, creation second, start and end of its hash range, parents (or -),
 * closing counter and millis (or -). The segments are of the shard above: the counter through which it was trimmed, then
 * each {@link SegmentMeta}, counters in hexadecimal. The line {@code end} counts those before it.
 *
 * <p>Behind it come the changes of segments since: {@code rolled} says what the last segment has become (or -) and which
 * one follows it, {@code trimmed} through which counter a shard was trimmed and the base of its oldest segment.
 */
final class MetadataText {

    static final String NAME = "shardmill-streams";
    static final int FORMAT = 3;
    static final String LAST = "end";
    static final String NONE = "-";
    static final String STOPPED = "stopped";
    static final String RUNNING = "running";

    private final List<String> lines = new ArrayList<>();
    private final Map<Shard, ShardSegments> segments;

    private MetadataText(Map<Shard, ShardSegments> segments) {
        this.segments = segments;
    }

    static List<String> write(StoredFolder folder) {
        MetadataText writer = new MetadataText(folder.segments());
        FolderMeta meta = folder.meta();
        LastRun run = meta.lastRun();
        writer.line(NAME, FORMAT);
        writer.line("version", folder.version());
        writer.line("opening", meta.opening());
        writer.line("run", run.stopped() ? STOPPED : RUNNING, run.durability(), run.boot());
        meta.streams().values().forEach(writer::stream);
        writer.line(LAST, writer.lines.size());
        return writer.lines;
    }

    static String write(SegmentChange change) {
        if (change instanceof SegmentChange.Rolled rolled) {
            SegmentMeta sealed = rolled.sealed();
            return changed("rolled", change.shard(), sealed == null ? NONE : word(sealed), word(rolled.next()));
        }
        if (change instanceof SegmentChange.Trimmed trimmed) {
            return changed(
                    "trimmed",
                    change.shard(),
                    Long.toHexString(trimmed.through()),
                    Long.toHexString(trimmed.firstKept()));
        }
        throw new IllegalStateException("unknown change " + change);
    }

    private static String changed(String how, Shard shard, String first, String second) {
        return words(how, shard.stream(), SequenceNumbers.shardIndex(shard.id()), first, second);
    }

    private void stream(StreamMeta stream) {
        StreamConfig config = stream.config();
        line(
                "stream",
                stream.name(),
                stream.incarnation(),
                config.maxRecordBytes(),
                config.retention().toMillis(),
                stream.nextShard(),
                config.created().toEpochMilli(),
                config.mode());
        tags(config.tags());
        for (ConsumerMeta consumer : stream.consumers()) {
            line("consumer", consumer.name(), consumer.createdMillis());
            tags(consumer.tags());
        }
        for (ShardMeta shard : stream.shards()) {
            shard(shard);
            segments(segments.getOrDefault(new Shard(stream.name(), shard.id()), ShardSegments.NONE));
        }
    }

    private void shard(ShardMeta shard) {
        ShardMeta.Closing closing = shard.closing();
        line(
                "shard",
                shard.index(),
                shard.createdSecond(),
                shard.range().start(),
                shard.range().end(),
                shard.parents().isEmpty() ? NONE : joined(shard.parents()),
                closing == null ? NONE : closing.counter() + "," + closing.millis());
    }

    private void segments(ShardSegments of) {
        if (!of.equals(ShardSegments.NONE)) {
            List<String> words = of.list().stream().map(MetadataText::word).toList();
            line(
                    "segments",
                    Long.toHexString(of.trimmedThrough()) + (words.isEmpty() ? "" : " ") + String.join(" ", words));
        }
    }

    private static String word(SegmentMeta segment) {
        return Long.toHexString(segment.base()) + ":" + segment.bytes() + ":" + Long.toHexString(segment.lastCounter());
    }

    private void tags(Map<String, String> tags) {
        tags.forEach((key, value) -> line("tag", encoded(key) + "=" + encoded(value)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void line(Object... words) {
        lines.add(words(words));
    }

    private static String words(Object... words) {
        return String.join(" ", Arrays.stream(words).map(Object::toString).toList());
    }

    private static String joined(List<Integer> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }
}
