package io.shardmill.embedded;

import io.shardmill.embedded.internal.metadata.LastRun;
import io.shardmill.embedded.internal.metadata.MetadataFile;
import io.shardmill.embedded.internal.metadata.StoredFolder;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What many of the tests do with a stream. */
public final class StreamTesting {

    public static final String STREAM = "orders";
    public static final String SHARD_0 = "shardId-000000000000";

    private StreamTesting() {}

    public static ShardReader reader(EmbeddedStreams streams, String shardId, Position from) {
        return reader(streams, shardId, from, () -> {});
    }

    public static ShardReader reader(EmbeddedStreams streams, String shardId, Position from, Runnable wake) {
        return streams.find(STREAM).orElseThrow().open(shardId, from, wake);
    }

    /** Everything that can be read now. */
    public static List<Record> records(EmbeddedStreams streams, String shardId, Position from) {
        try (ShardReader reader = reader(streams, shardId, from)) {
            return records(reader);
        }
    }

    public static List<Record> records(ShardReader reader) {
        List<Record> all = new ArrayList<>();
        ReadResult result = reader.read(1_000, 1 << 20);
        while (result instanceof ReadResult.Records found) {
            all.addAll(found.records());
            result = reader.read(1_000, 1 << 20);
        }
        return all;
    }

    public static List<String> texts(EmbeddedStreams streams, String shardId, Position from) {
        return texts(records(streams, shardId, from));
    }

    public static List<String> texts(EmbeddedStreams streams) {
        return texts(streams, SHARD_0, Position.trimHorizon());
    }

    public static List<String> texts(List<Record> records) {
        return records.stream().map(Record::text).toList();
    }

    /** Entries whose texts are the numbers from {@code from} up to, without, {@code to}. */
    public static List<PutEntry> numbers(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> PutEntry.of("key-" + i % 7, String.valueOf(i)))
                .toList();
    }

    public static List<String> numberTexts(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    /** A shard's segment files, oldest first. */
    public static List<Path> segments(Path folder, String shardId) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(shardId + ".")
                            && file.getFileName().toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    /** The folder of the only stream. */
    public static Path streamFolder(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    public static Path lastSegment(Path folder, String shardId) throws IOException {
        List<Path> segments = segments(folder, shardId);
        return segments.get(segments.size() - 1);
    }

    public static void flip(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[Math.toIntExact(offset)] ^= 0x55;
        Files.write(file, bytes);
    }

    public static void cutTo(Path file, long size) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, Math.toIntExact(size)));
    }

    /** What kill -9 would leave of a folder that is open: all that the system has taken over. */
    public static void copyAsKilled(Path open, Path image) throws IOException {
        try (Stream<Path> files = Files.walk(open)) {
            for (Path file : files.toList()) {
                Files.copy(file, image.resolve(open.relativize(file).toString()));
            }
        }
    }

    /** Makes a folder that was left by kill -9 one that was left by the death of the machine. */
    public static void pretendThatTheMachineDied(Path folder) throws IOException {
        MetadataFile file = new MetadataFile(folder);
        StoredFolder stored = Objects.requireNonNull(file.load());
        LastRun run = stored.meta().lastRun();
        LastRun elsewhere = new LastRun(run.stopped(), run.durability(), "another-boot");
        file.store(new StoredFolder(stored.version(), stored.meta().with(elsewhere), stored.segments()));
    }

    /** Copies a folder that nobody has open. */
    public static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : entries.toList()) {
                Files.copy(entry, to.resolve(from.relativize(entry).toString()));
            }
        }
    }
}
