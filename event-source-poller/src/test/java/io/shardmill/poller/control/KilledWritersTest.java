package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import io.shardmill.poller.checkpoint.jdbc.JdbcMappingStore;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.MappingDocument;
import io.shardmill.poller.testkit.FakeStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that change one mapping in one database, and are killed: every change that was accepted is there. */
class KilledWritersTest {

    private static final int LINES = 20;

    @TempDir
    private Path folder;

    private JdbcConnectionPool pool;
    private JdbcMappingStore store;

    @BeforeEach
    void create() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        pool = JdbcConnectionPool.create(url(), "sa", "");
        CheckpointSchema.create(pool);
        store = new JdbcMappingStore(pool);
        String document = MappingDocument.of(EventSourceMapping.of("orders", "orders"));
        store.create("test", new StoredMapping("orders", document, true, false, null, Instant.EPOCH, 1));
    }

    @AfterEach
    void close() {
        pool.dispose();
        System.clearProperty("h2.bindAddress");
    }

    /** This process has the file open, and the others find it through that. */
    private String url() {
        return "jdbc:h2:" + folder.resolve("checkpoints") + ";AUTO_SERVER=TRUE";
    }

    private StoredMapping stored() {
        return store.find("test", "orders").orElseThrow();
    }

    private Process writer(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WriterProcess.class.getName(),
                        url(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int number(BufferedReader output, int before) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.matches("\\d+")) { // and not a line of the log
                return Integer.parseInt(line);
            }
        }
        return before;
    }

    @Test
    void the_last_change_that_each_of_two_processes_was_told_to_be_accepted_outlives_kill_9() throws Exception {
        Process sizes = writer("batch size");
        Process attempts = writer("attempts");
        try (BufferedReader size = sizes.inputReader();
                BufferedReader attempt = attempts.inputReader()) {
            for (int line = 0; line < LINES; line++) {
                assertThat(number(size, 0)).isEqualTo(line + 1);
                assertThat(number(attempt, 0)).isEqualTo(line + 1);
            }
            sizes.toHandle().destroyForcibly(); // Process.destroyForcibly() would close its output unread
            attempts.toHandle().destroyForcibly();
            int lastSize = last(size);
            int lastAttempts = last(attempt);
            EventSourceMapping mapping = MappingDocument.read("orders", String.valueOf(stored().document()));

            assertThat(mapping.batching().batchSize()).isBetween(lastSize, lastSize + 1);
            assertThat(mapping.failureHandling().maximumRetryAttempts()).isBetween(lastAttempts, lastAttempts + 1);
            assertThat(stored().version())
                    .isEqualTo(1L
                            + mapping.batching().batchSize()
                            + mapping.failureHandling().maximumRetryAttempts());
        } finally {
            sizes.destroyForcibly().waitFor();
            attempts.destroyForcibly().waitFor();
        }
    }

    private static int last(BufferedReader output) throws IOException {
        int last = LINES;
        for (int next = number(output, last); next != last; next = number(output, last)) {
            last = next;
        }
        return last;
    }

    @Test
    void a_replay_that_was_accepted_before_kill_9_is_carried_out_once_at_the_next_start() throws Exception {
        Process process = writer("replay");
        try (BufferedReader output = process.inputReader()) {
            assertThat(number(output, 0)).isEqualTo(1);
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(stored().replay()).isNotNull().returns(false, StoredReplay::applied);

        FakeStream stream = new FakeStream("orders", 1, InstantSource.system());
        List<String> delivered = new CopyOnWriteArrayList<>();
        stream.put("1");
        startAndAwait(stream, delivered, List.of("1"));
        assertThat(stored().replay()).isNotNull().returns(true, StoredReplay::applied);
        stream.put("2");
        startAndAwait(stream, delivered, List.of("1", "2"));
    }

    private void startAndAwait(FakeStream stream, List<String> delivered, List<String> expected) {
        try (Engine engine = WriterProcess.engine(
                pool, stream, batch -> batch.stream().map(Record::text).forEach(delivered::add))) {
            engine.mappings().startStored();
            Awaitility.await().untilAsserted(() -> assertThat(delivered).isEqualTo(expected));
        }
    }
}
