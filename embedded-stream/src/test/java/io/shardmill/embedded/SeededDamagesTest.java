package io.shardmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a folder, of each kind of file and each kind of harm. Afterwards the folder, or reading, is refused with
 * the name of a file, or the contents are those of a dump that was made before.
 */
class SeededDamagesTest {

    private static final int AFTER_A_STOP = 700;
    private static final int AFTER_KILL_9 = 300;
    private static final int LIVES = 6;

    @TempDir
    Path temporary;

    private final long seed = new Random().nextLong();
    private final SettableClock clock = new SettableClock();
    private Image stopped;
    private Image killed;

    /** A folder as it was left, and all that is in it. */
    private record Image(
            Path folder, SortedMap<String, List<String>> dump, List<Path> older, RecoveryReport.Stop stop) {}

    private EmbeddedStreams open(Path where) {
        return EmbeddedStreams.open(
                EmbeddedStreamsSettings.in(where).withSegmentBytes(64 << 10).withClock(clock));
    }

    /** Lives with a split, retention, tags and a consumer; the folder is kept as each of them left it. */
    @BeforeEach
    void live() throws IOException {
        System.out.println("SeededDamagesTest, seed " + seed);
        Random random = new Random(seed);
        Path folder = temporary.resolve("streams");
        List<Path> older = new ArrayList<>();
        SortedMap<String, List<String>> dump = new TreeMap<>();
        for (int life = 0; life < LIVES; life++) {
            try (EmbeddedStreams streams = open(folder)) {
                step(streams, life, random);
                dump = dump(streams);
                if (life == LIVES - 1) {
                    killed = new Image(
                            temporary.resolve("killed"), dump, List.copyOf(older), RecoveryReport.Stop.PROCESS_DIED);
                    StreamTesting.copyAsKilled(folder, killed.folder());
                }
            }
            older.add(temporary.resolve("older-" + life));
            StreamTesting.copyAsKilled(folder, older.get(life));
        }
        stopped = new Image(folder, dump, older, RecoveryReport.Stop.CLEAN);
    }

    private void step(EmbeddedStreams streams, int life, Random random) {
        streams.ensureStream("orders", 2);
        streams.ensureStream("idle", StreamOptions.ofShards(1).withTags(Map.of("life", "first")));
        for (int batch = 0; batch < 4; batch++) {
            List<PutEntry> entries = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                entries.add(PutEntry.of("key-" + random.nextInt(50), life + "/" + batch + "/" + i + "x".repeat(300)));
            }
            streams.putAll("orders", entries);
            clock.advance(Duration.ofHours(2));
        }
        if (life == 2) {
            StreamInfo.ShardInfo shard = streams.describe("orders").openShards().get(0);
            BigInteger middle =
                    shard.startingHashKey().add(shard.endingHashKey()).shiftRight(1);
            streams.splitShard("orders", shard.id(), middle);
            streams.consumers().register("orders", "billing", Map.of());
            streams.put("idle", PutEntry.of("k", "one"));
        }
        streams.applyRetention();
    }

    /** All there is to see, by what it is; the records of each shard. */
    private static SortedMap<String, List<String>> dump(EmbeddedStreams streams) {
        SortedMap<String, List<String>> all = new TreeMap<>();
        for (String name : streams.list()) {
            StreamInfo info = streams.describe(name);
            all.put(name, List.of(info.toString()));
            for (StreamInfo.ShardInfo shard : info.shards()) {
                List<String> records = new ArrayList<>();
                try (ShardReader reader =
                        streams.find(name).orElseThrow().open(shard.id(), Position.trimHorizon(), () -> {})) {
                    ReadResult result = reader.read(1_000, 1 << 20);
                    while (result instanceof ReadResult.Records found) {
                        found.records().forEach(record -> records.add(text(record)));
                        result = reader.read(1_000, 1 << 20);
                    }
                    if (result instanceof ReadResult.Unavailable damaged) {
                        records.add("REFUSED " + damaged.reason());
                    }
                }
                all.put(name + "/" + shard.id(), records);
            }
        }
        return all;
    }

    private static String text(Record record) {
        return record.sequenceNumber() + " " + record.partitionKey() + " " + record.approximateArrivalMillis() + " "
                + record.text().hashCode();
    }

    @Test
    void after_a_clean_stop_no_damage_is_silent() throws Exception {
        damageAndCheck(stopped, AFTER_A_STOP);
    }

    /** What a crash may have lost too is the end of a shard's last segment; that the process died is said. */
    @Test
    void after_kill_9_no_damage_is_silent() throws Exception {
        damageAndCheck(killed, AFTER_KILL_9);
    }

    /** Several at once: most of the time is spent waiting for the disk. */
    private void damageAndCheck(Image image, int damages) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> checks = new ArrayList<>();
            for (int i = 0; i < damages; i++) {
                long own = seed + i;
                checks.add(threads.submit(() -> {
                    Path folder = temporary.resolve("damaged-" + own);
                    StreamTesting.copyAsKilled(image.folder(), folder);
                    String harm = new Harm(image.folder(), folder, image.older(), new Random(own)).apply();
                    assertRefusedOrEqual(image, folder, harm + ", seed " + own + " of " + seed);
                    Folders.delete(folder);
                    return null;
                }));
            }
            for (Future<?> check : checks) {
                check.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void assertRefusedOrEqual(Image image, Path folder, String harm) {
        try (EmbeddedStreams streams = open(folder)) {
            SortedMap<String, List<String>> found = dump(streams);
            assertThat(streams.recovery().report().stop()).as(harm).isEqualTo(image.stop());
            assertThat(found.keySet()).as(harm).isEqualTo(image.dump().keySet());
            boolean mayCut = image.stop() != RecoveryReport.Stop.CLEAN;
            image.dump().forEach((what, records) -> {
                List<String> now = found.get(what);
                String last = now.isEmpty() ? "" : now.get(now.size() - 1);
                if (last.startsWith("REFUSED ")) {
                    assertThat(last).as(harm).containsPattern("shardId-[0-9]{12}\\.[0-9a-f]{16}\\.log");
                    assertBegins(records, now.subList(0, now.size() - 1), harm);
                } else if (mayCut && now.size() < records.size()) {
                    assertBegins(records, now, harm);
                } else {
                    assertThat(now).as(harm + ", " + what).isEqualTo(records);
                }
            });
        } catch (StreamFolderException refused) {
            assertThat(refused.getMessage()).as(harm).contains(folder + "/");
        }
    }

    private static void assertBegins(List<String> whole, List<String> beginning, String harm) {
        assertThat(beginning).as(harm).hasSizeLessThanOrEqualTo(whole.size());
        assertThat(beginning).as(harm).isEqualTo(whole.subList(0, beginning.size()));
    }
}
