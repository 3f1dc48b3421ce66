package io.shardmill.embedded;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@link FolderMeta} as text: one fact a line, words separated by one space. {@link MetadataReader} reads it back.
 *
 * <pre>
 * shardmill-streams 2
 * opening 3
 * stream orders 5b1f… 1048576 86400000 1 1790000000000 PROVISIONED
 * tag team=blue
 * consumer billing 1790000000000
 * tag cost+centre=7
 * shard 0 1790000000 0 340282366920938463463374607431768211455 - -
 * end 8
 * </pre>
 *
 * A stream's words: name, incarnation, largest record in bytes, retention in milliseconds, next shard's index, creation
 * in milliseconds, mode. A tag, URL-encoded, is the stream's or the consumer's above it. A consumer's words: name,
 * creation in milliseconds. A shard's: index, creation second, start and end of its hash range, parents (or -), closing
 * counter and millis (or -). The last line counts those before it. Version 1 had no
 * tags, consumers, creation, mode and count.
 */
final class MetadataText {

    static final String NAME = "shardmill-streams";
    static final int VERSION = 2;
    static final String LAST = "end";
    static final String NONE = "-";

    private final StringBuilder text = new StringBuilder();
    private int lines;

    private MetadataText() {}

    static String write(FolderMeta meta) {
        MetadataText writer = new MetadataText();
        writer.line(NAME, VERSION);
        writer.line("opening", meta.opening());
        meta.streams().values().forEach(writer::stream);
        writer.line(LAST, writer.lines);
        return writer.text.toString();
    }

    private void stream(StreamMeta stream) {
        StreamTraits traits = stream.traits();
        line(
                "stream",
                stream.name(),
                stream.incarnation(),
                traits.maxRecordBytes(),
                traits.retention().toMillis(),
                stream.nextShard(),
                traits.created().toEpochMilli(),
                traits.mode());
        tags(traits.tags());
        for (ConsumerMeta consumer : stream.consumers()) {
            line("consumer", consumer.name(), consumer.createdMillis());
            tags(consumer.tags());
        }
        stream.shards().forEach(this::shard);
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

    private void tags(Map<String, String> tags) {
        tags.forEach((key, value) -> line("tag", encoded(key) + "=" + encoded(value)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void line(Object... words) {
        text.append(String.join(" ", Arrays.stream(words).map(Object::toString).toList()))
                .append('\n');
        lines++;
    }

    private static String joined(List<Integer> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }
}
