package io.shardmill.spring.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.InvocationContext;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.spring.ShardmillAutoConfiguration;
import io.shardmill.spring.ShardmillBackupAutoConfiguration;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.FileSystemUtils;

/** An application that is backed up while it works, loses its data folder, and goes on from the backup. */
@Timeout(180)
class BackupRestoreTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int KEYS = 12;

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<String> delivered = new ConcurrentLinkedQueue<>();

    /** The fencing tokens of each mapping and shard. */
    private final ConcurrentHashMap<String, Set<Long>> tokens = new ConcurrentHashMap<>();

    private ApplicationContextRunner app(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ContextFunctionCatalogAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        ShardmillAutoConfiguration.class,
                        ShardmillBackupAutoConfiguration.class))
                .withBean("delivered", ConcurrentLinkedQueue.class, () -> delivered)
                .withBean("tokens", ConcurrentHashMap.class, () -> tokens)
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "shardmill.data-dir=" + folder.resolve("data"),
                        "shardmill.streams.flights.shards=2",
                        "shardmill.mappings.delays.stream=flights",
                        "shardmill.mappings.delays.batch-size=20",
                        "shardmill.mappings.delays.parallelization-factor=3")
                .withPropertyValues(properties);
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Consumer<List<Record>> delays(
                ConcurrentLinkedQueue<String> delivered, ConcurrentHashMap<String, Set<Long>> tokens) {
            return receiver(delivered, tokens);
        }

        @Bean
        Consumer<List<Record>> audits(
                ConcurrentLinkedQueue<String> delivered, ConcurrentHashMap<String, Set<Long>> tokens) {
            return receiver(delivered, tokens);
        }

        private static Consumer<List<Record>> receiver(
                ConcurrentLinkedQueue<String> delivered, ConcurrentHashMap<String, Set<Long>> tokens) {
            return batch -> {
                InvocationContext invocation = InvocationContext.current();
                tokens.computeIfAbsent(
                                invocation.mapping() + " " + invocation.shard().id(),
                                shard -> ConcurrentHashMap.newKeySet())
                        .add(invocation.fencingToken());
                batch.forEach(record -> delivered.add(record.text()));
            };
        }
    }

    /** What one writer has put: numbers count up for each key, over all lives. */
    private static final class Writer {
        private final Map<String, Integer> next = new HashMap<>();
        private final Set<String> acknowledged = new HashSet<>();
        private final Map<String, SequenceNumber> largest = new HashMap<>();
        private final Set<SequenceNumber> given = new HashSet<>();
        private final Random random;

        Writer(long seed) {
            this.random = new Random(seed);
        }

        synchronized void put(EmbeddedStreams streams) {
            List<PutEntry> entries = new ArrayList<>();
            for (int i = 1 + random.nextInt(30); i > 0; i--) {
                String key = "key-" + random.nextInt(KEYS);
                int number = next.merge(key, 1, Integer::sum);
                entries.add(PutEntry.of(key, key + "/" + number));
            }
            for (PutResult result : streams.putAll("flights", entries)) {
                PutResult.Stored stored = (PutResult.Stored) result;
                assertThat(given.add(stored.sequenceNumber()))
                        .as("no number twice")
                        .isTrue();
                SequenceNumber before = largest.put(stored.shard().id(), stored.sequenceNumber());
                assertThat(before == null || stored.sequenceNumber().isAfter(before))
                        .as("numbers of a shard grow, over a restore too")
                        .isTrue();
            }
            entries.forEach(
                    entry -> acknowledged.add(new String(entry.data(), java.nio.charset.StandardCharsets.UTF_8)));
        }

        synchronized Set<String> acknowledged() {
            return new HashSet<>(acknowledged);
        }
    }

    private static void split(EmbeddedStreams streams, Random random) {
        List<ShardInfo> open = streams.describe("flights").openShards();
        ShardInfo shard = open.get(random.nextInt(open.size()));
        BigInteger middle = shard.startingHashKey().add(shard.endingHashKey()).shiftRight(1);
        streams.splitShard("flights", shard.id(), middle);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void what_was_acknowledged_before_the_backup_is_delivered_in_order_and_no_number_is_given_twice(long seed)
            throws IOException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Writer writer = new Writer(seed);
        Set<String> before = new HashSet<>();
        Set<String> deliveredByThen = new HashSet<>();
        app().run(context -> {
            EmbeddedStreams streams = context.getBean(EmbeddedStreams.class);
            AtomicBoolean stopped = new AtomicBoolean();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                while (!stopped.get()) {
                    writer.put(streams);
                }
            });
            int enough = 500 + random.nextInt(1_500);
            Awaitility.await().atMost(LONG).until(() -> writer.acknowledged().size() > enough);
            split(streams, random);
            before.addAll(writer.acknowledged());
            context.getBean(Backups.class).take("one");
            deliveredByThen.addAll(delivered);
            split(streams, random);
            int more = writer.acknowledged().size() + 200;
            Awaitility.await().atMost(LONG).until(() -> writer.acknowledged().size() > more);
            stopped.set(true);
            writing.join();
        });
        FileSystemUtils.deleteRecursively(folder.resolve("data"));
        Map<String, Set<Long>> given = new HashMap<>(tokens);
        delivered.clear();
        tokens.clear();

        app("shardmill.restore-from=" + folder.resolve("backups/one")).run(context -> {
            EmbeddedStreams streams = context.getBean(EmbeddedStreams.class);
            writer.put(streams);
            split(streams, random);
            writer.put(streams);
            assertThat(context.getBean(Mappings.class).awaitDrained(LONG)).isTrue();
        });

        Set<String> overall = new HashSet<>(deliveredByThen);
        overall.addAll(delivered);
        before.removeAll(overall); // AssertJ's containsAll compares each with each
        assertThat(before).as("seed %s: not delivered", seed).isEmpty();
        Map<String, Integer> last = new HashMap<>();
        for (String text : delivered) {
            String[] parts = text.split("/", 2);
            int number = Integer.parseInt(parts[1]);
            Integer previous = last.put(parts[0], number);
            assertThat(previous == null || previous < number)
                    .as("seed %s: %s after %s", seed, text, previous)
                    .isTrue();
        }
        assertThatTokensAreLargerThan(given);
    }

    private void assertThatTokensAreLargerThan(Map<String, Set<Long>> given) {
        Set<String> again = new TreeSet<>(tokens.keySet());
        again.retainAll(given.keySet());
        assertThat(again).isNotEmpty();
        for (String shard : again) {
            assertThat(Collections.min(tokens.get(shard)))
                    .as("the tokens of %s", shard)
                    .isGreaterThan(Collections.max(given.get(shard)));
        }
    }

    @Test
    void shards_and_mappings_that_had_no_rows_in_the_backup_get_larger_fencing_tokens_than_before() throws IOException {
        EventSourceMapping made = EventSourceMapping.of("made", "flights").withFunction("audits");
        app().run(context -> {
            EmbeddedStreams streams = context.getBean(EmbeddedStreams.class);
            context.getBean(Mappings.class).pause("delays").join();
            split(streams, new Random(1));
            streams.putAll(
                    "flights",
                    IntStream.range(0, 100)
                            .mapToObj(key -> PutEntry.of("key " + key, "x"))
                            .toList());
            context.getBean(Backups.class).take("one");
            context.getBean(Mappings.class).create(made, true);
            drain(context);
        });
        FileSystemUtils.deleteRecursively(folder.resolve("data"));
        Map<String, Set<Long>> given = new HashMap<>(tokens);
        tokens.clear();
        app("shardmill.restore-from=" + folder.resolve("backups/one")).run(context -> {
            context.getBean(Mappings.class).create(made, true);
            drain(context);
        });

        assertThat(tokens.keySet()).hasSizeGreaterThan(4).containsExactlyInAnyOrderElementsOf(given.keySet());
        assertThatTokensAreLargerThan(given);
    }

    private static void drain(ApplicationContext context) {
        Mappings mappings = context.getBean(Mappings.class);
        mappings.resume("delays").join();
        assertThat(mappings.awaitDrained(LONG)).isTrue();
    }

    @Test
    void a_restore_into_a_folder_that_is_used_or_from_a_folder_that_is_no_backup_stops_the_start() throws IOException {
        app().run(context -> context.getBean(Backups.class).take("one"));
        app("shardmill.restore-from=" + folder.resolve("backups/one"))
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("is restored into an empty folder"));
        FileSystemUtils.deleteRecursively(folder.resolve("data"));
        app("shardmill.restore-from=" + folder)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("SHA256SUMS: missing"));
        Files.createDirectories(folder.resolve("data/restore"));
        app().run(context -> assertThat(context)
                .hasFailed()
                .getFailure()
                .rootCause()
                .hasMessageContaining("has not come to its end"));
    }

    @Test
    void a_start_that_still_names_the_restored_backup_goes_on_with_the_folder() throws IOException {
        app().run(context -> {
            context.getBean(EmbeddedStreams.class).putAll("flights", List.of(PutEntry.of("key", "one")));
            assertThat(context.getBean(Mappings.class).awaitDrained(LONG)).isTrue();
            context.getBean(Backups.class).take("one");
            context.getBean(Backups.class).take("two");
        });
        FileSystemUtils.deleteRecursively(folder.resolve("data"));
        delivered.clear();
        String[] named = {"shardmill.restore-from=" + folder.resolve("backups/one")};
        for (int start = 0; start < 3; start++) {
            String record = "start " + start;
            app(named).run(context -> {
                assertThat(context).hasNotFailed();
                context.getBean(EmbeddedStreams.class).putAll("flights", List.of(PutEntry.of("key", record)));
                assertThat(context.getBean(Mappings.class).awaitDrained(LONG)).isTrue();
            });
        }
        assertThat(delivered).containsExactly("start 0", "start 1", "start 2");
        app("shardmill.restore-from=" + folder.resolve("backups/two"))
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("is restored into an empty folder"));
    }

    @Test
    void backups_are_not_written_into_the_data_folder() {
        app("shardmill.backup-dir=" + folder.resolve("data/backups"))
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith("shardmill.backup-dir: ")
                        .hasMessageContaining("must not be in the data folder"));
    }
}
