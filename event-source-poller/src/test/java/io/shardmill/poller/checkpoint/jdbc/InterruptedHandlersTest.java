package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.Takes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

class InterruptedHandlersTest {

    private static final MappingKey KEY = new MappingKey("shop", "m", "s", "1");
    private static final int INTERRUPTS = 1_000;

    @TempDir
    private Path folder;

    @Test
    void handlers_interrupted_inside_the_same_database_a_thousand_times_cost_no_checkpoint() throws Exception {
        Path file = folder.resolve("checkpoints");
        EvictingPool pool = new EvictingPool(file);
        CheckpointSchema.create(pool);
        JdbcCheckpointStore store = new JdbcCheckpointStore(pool);
        store.create(KEY, List.of(CheckpointRow.begin("s", ShardState.READING, Position.trimHorizon(), List.of())));
        long epoch = Takes.take(store, KEY, "s", "me").epoch();
        JdbcTemplate handlers = new JdbcTemplate(pool);
        handlers.execute("create table delays (id int primary key, payload varchar)");
        AtomicInteger interrupts = new AtomicInteger();

        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Void> handler = () -> {
                for (int id = interrupts.incrementAndGet(); id <= INTERRUPTS; id = interrupts.incrementAndGet()) {
                    writeInterrupted(handlers, id);
                }
                return null;
            };
            List<Future<Void>> running = List.of(threads.submit(handler), threads.submit(handler));
            long saved = 0;
            while (!running.stream().allMatch(Future::isDone)) {
                save(store, epoch, ++saved);
            }
            for (Future<Void> future : running) {
                future.get();
            }
            save(store, epoch, ++saved);
            assertThat(watermark(store)).isEqualTo(saved);
            pool.close();

            JdbcConnectionPool reopened = H2Files.open(file);
            assertThat(watermark(new JdbcCheckpointStore(reopened))).isEqualTo(saved);
            reopened.dispose();
        } finally {
            threads.shutdownNow();
        }
    }

    /** The other test would prove nothing if its interrupts did not reach the file. */
    @Test
    void without_retry_in_its_url_the_same_interrupts_close_the_database_under_everybody() {
        JdbcConnectionPool pool =
                JdbcConnectionPool.create("jdbc:h2:" + folder.resolve("plain") + ";WRITE_DELAY=0", "sa", "");
        JdbcTemplate handlers = new JdbcTemplate(pool);
        handlers.execute("create table delays (id int primary key, payload varchar)");
        int id = 0;
        while (id < INTERRUPTS && writeInterrupted(handlers, id)) {
            id++;
        }

        assertThat(id).as("interrupts that hurt nobody").isLessThan(INTERRUPTS);
        pool.dispose();
    }

    /** As a handler does whose deadline passes while it writes; false if its own statement fails. */
    private static boolean writeInterrupted(JdbcTemplate handlers, int id) {
        Thread.currentThread().interrupt();
        try {
            handlers.update("insert into delays values (?, ?)", id, "x".repeat(2_000));
            handlers.queryForObject("select count(*) from delays", Integer.class);
            return true;
        } catch (DataAccessException interrupted) {
            return false;
        } finally {
            Thread.interrupted();
        }
    }

    /**
     * As the engine saves: a failed save is repeated. An interrupt that hits H2 while it waits for a lock of its own
     * makes it close the database, or leaves a transaction open that refuses all others. Once all connections are
     * evicted, the next ones open the database again.
     */
    private static void save(JdbcCheckpointStore store, long epoch, long number) {
        Progress progress = new Progress(SequenceNumber.of(number), List.of(), List.of());
        CheckpointUpdate update = new CheckpointUpdate(KEY, "s", "me", epoch, ShardState.READING, progress);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsMatching(CheckpointStoreException.class::isInstance)
                .untilAsserted(() -> assertThat(store.save(List.of(update))).isEmpty());
    }

    private static long watermark(JdbcCheckpointStore store) {
        return CheckpointLoop.watermark(store.load(KEY).get(0));
    }
}
