package io.shardmill.spring;

import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import io.shardmill.poller.checkpoint.jdbc.CheckpointGuard;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointMarkTimerTest {

    @TempDir
    private Path folder;

    @Test
    void the_mark_grows_again_and_again_while_the_store_is_open() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:" + folder.resolve("checkpoints"));
        StoreMarkFile mark = new StoreMarkFile(folder.resolve("checkpoints.mark"));
        CheckpointGuard guard =
                new CheckpointGuard(new CheckpointGuard.Database(database, "checkpoints", null, false), mark);
        guard.open(() -> CheckpointSchema.create(database), false);
        long opened = generation(mark);

        CheckpointMarkTimer timer = new CheckpointMarkTimer(guard, Duration.ofMillis(1));
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> generation(mark) >= opened + 2);
        } finally {
            timer.close();
            guard.close();
        }
    }

    private static long generation(StoreMarkFile file) {
        StoreMark mark = Objects.requireNonNull(file.read());
        return mark.generation();
    }
}
