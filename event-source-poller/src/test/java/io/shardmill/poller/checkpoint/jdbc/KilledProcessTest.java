package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {

    private static final int KILLS = 5;

    @TempDir
    private Path folder;

    @Test
    void a_checkpoint_that_was_saved_outlives_kill_9() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("KilledProcessTest seed " + seed);
        Random random = new Random(seed);
        Path file = folder.resolve("checkpoints");
        long epochs = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long printed = saveUntilKilled(file, 1 + random.nextInt(400));
            CheckpointRow row = reopen(file);
            assertThat(CheckpointLoop.watermark(row))
                    .as("seed %d, kill %d: the watermark after the kill, and the last one printed before", seed, kill)
                    .isBetween(printed, printed + 1);
            assertThat(row.epoch()).isGreaterThan(epochs);
            epochs = row.epoch();
        }
    }

    /** The last number that a child process printed before it was killed. */
    private static long saveUntilKilled(Path file, int lines) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CheckpointLoop.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = child.inputReader()) {
            long printed = 0;
            for (int line = 0; line < lines; line++) {
                printed = Long.parseLong(nextLine(output));
            }
            child.toHandle().destroyForcibly(); // Process.destroyForcibly() would close its output unread
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                printed = Long.parseLong(line);
            }
            return printed;
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static String nextLine(BufferedReader output) throws IOException {
        String line = output.readLine();
        assertThat(line).as("the child ended by itself; its errors are above").isNotNull();
        return line;
    }

    private static CheckpointRow reopen(Path file) {
        JdbcConnectionPool pool = H2Files.open(file);
        try {
            return new JdbcCheckpointStore(pool).load(CheckpointLoop.KEY).get(0);
        } finally {
            pool.dispose();
        }
    }
}
