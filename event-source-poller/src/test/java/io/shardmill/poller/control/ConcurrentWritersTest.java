package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcMappingStore;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.MappingDocument;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.runtime.BatchFunction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two engines on one H2 database, each with its own threads, and writers at both: nothing that is accepted is lost. */
class ConcurrentWritersTest {

    private static final String NAMESPACE = "test";
    private static final int WRITERS = 6;

    private final FakeStream stream = new FakeStream("orders", 1, InstantSource.system());
    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private Engine first;
    private Engine second;

    @BeforeEach
    void start() {
        CheckpointSchema.create(pool);
        first = engine();
        first.mappings()
                .create(EventSourceMapping.of("orders", "orders"), true)
                .settled()
                .join();
        second = engine();
        second.mappings().startStored();
        second.mappings().describe("orders").join();
    }

    @AfterEach
    void stop() {
        mayReturn.countDown();
        threads.shutdownNow();
        first.close();
        second.close();
        pool.dispose();
    }

    private Engine engine() {
        return new Engine(
                EngineSettings.defaults(NAMESPACE),
                new EngineDependencies(
                        name -> Optional.of(stream),
                        name -> new Function(),
                        new Destinations(Map.of(), List.of()),
                        new EngineStores(new JdbcCheckpointStore(pool), new JdbcMappingStore(pool)),
                        InstantSource.system()),
                Engine.Customizations.none());
    }

    private final class Function implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) throws InterruptedException {
            batch.forEach(record -> delivered.add(record.text()));
            mayReturn.await();
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return false;
        }
    }

    private StoredMapping stored() {
        return new JdbcMappingStore(pool).find(NAMESPACE, "orders").orElseThrow();
    }

    /** Each writer changes a member of its own, again and again, at any of the engines, while an invocation runs. */
    @Test
    void each_writers_last_change_is_there_whoever_wrote_meanwhile() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("ConcurrentWritersTest seed " + seed);
        stream.put("1");
        Awaitility.await().until(() -> !delivered.isEmpty());
        Map<Integer, Integer> last = new ConcurrentHashMap<>();
        Map<Integer, Long> replays = new ConcurrentHashMap<>();
        together(writer -> {
            Random random = new Random(seed + writer);
            for (int change = 0; change < 12; change++) {
                Mappings mappings = (random.nextBoolean() ? first : second).mappings();
                int value = 1 + random.nextInt(9);
                change(mappings, writer, value);
                if (writer == 5) {
                    StoredReplay replay = stored().replay();
                    replays.put(change, replay == null ? -1 : replay.id());
                } else {
                    last.put(writer, value);
                }
            }
            return true;
        });

        StoredMapping all = stored();
        EventSourceMapping mapping = MappingDocument.read("orders", String.valueOf(all.document()));
        assertThat(mapping.batching().batchSize()).as("seed %d", seed).isEqualTo(last.get(0));
        assertThat(mapping.batching().parallelizationFactor())
                .as("seed %d", seed)
                .isEqualTo(last.get(1));
        assertThat(mapping.failureHandling().maximumRetryAttempts())
                .as("seed %d", seed)
                .isEqualTo(last.get(2));
        assertThat(mapping.failureHandling().maximumRecordAge())
                .as("seed %d", seed)
                .isEqualTo(Duration.ofMinutes(last.get(3)));
        assertThat(all.enabled()).as("seed %d", seed).isEqualTo(last.get(4) % 2 == 0);
        assertThat(replays.values()).as("seed %d", seed).doesNotHaveDuplicates();
    }

    private static void change(Mappings mappings, int writer, int value) {
        if (writer == 4) {
            var unused = value % 2 == 0 ? mappings.resume("orders") : mappings.pause("orders");
        } else if (writer == 5) {
            var unused = mappings.replay("orders", new Replay.FromTrimHorizon());
        } else {
            MappingChange unused = mappings.update("orders", changed(writer, value), null);
        }
    }

    private static UnaryOperator<EventSourceMapping> changed(int writer, int value) {
        return mapping -> switch (writer) {
            case 0 -> mapping.with(mapping.batching().withBatchSize(value));
            case 1 -> mapping.with(mapping.batching().withFactor(value));
            case 2 -> mapping.with(mapping.failureHandling().withMaximumRetryAttempts(value));
            default -> mapping.with(mapping.failureHandling().withMaximumRecordAge(Duration.ofMinutes(value)));
        };
    }

    @Test
    void what_one_process_accepts_the_other_shows_after_its_next_change_or_look() {
        MappingChange unused = first.mappings()
                .update("orders", mapping -> mapping.with(mapping.batching().withBatchSize(7)), null);
        var paused = second.mappings().pause("orders");

        assertThat(second.mappings().get("orders").mapping().batching().batchSize())
                .isEqualTo(7);
        paused.join();
        assertThat(second.mappings().get("orders").state()).isEqualTo(State.DISABLED);
        assertThat(stored().enabled()).isFalse();
    }

    @Test
    void of_two_processes_that_replay_at_once_both_are_carried_out_or_superseded() throws Exception {
        mayReturn.countDown();
        stream.put("1");
        Awaitility.await().until(() -> !delivered.isEmpty());
        for (Engine engine : List.of(first, second, first)) {
            engine.mappings().replay("orders", new Replay.FromTrimHorizon()).join();
            StoredReplay replay = stored().replay();
            assertThat(replay).isNotNull();
            assertThat(replay.applied()).isTrue();
        }
        Awaitility.await().until(() -> delivered.size() >= 4);
    }

    @Test
    void a_database_that_is_away_refuses_every_change_and_keeps_none() {
        pool.dispose();
        Mappings mappings = first.mappings();

        for (Runnable change : List.<Runnable>of(
                () -> mappings.pause("orders"),
                () -> mappings.resume("orders"),
                () -> mappings.replay("orders", new Replay.FromTrimHorizon()),
                () -> mappings.update("orders", mapping -> mapping, null),
                () -> mappings.delete("orders"),
                () -> mappings.create(EventSourceMapping.of("other", "orders"), true))) {
            assertThatThrownBy(change::run).isInstanceOf(CheckpointStoreException.class);
        }
        assertThat(mappings.get("orders").state()).isEqualTo(State.ENABLED);
        assertThat(mappings.names()).containsExactly("orders");
    }

    private interface Writer {
        boolean write(int number) throws Exception;
    }

    private void together(Writer writer) throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int number = 0; number < WRITERS; number++) {
            int own = number;
            writers.add(() -> writer.write(own));
        }
        for (Future<Boolean> done : threads.invokeAll(writers)) {
            assertThat(done.get()).isTrue();
        }
    }
}
