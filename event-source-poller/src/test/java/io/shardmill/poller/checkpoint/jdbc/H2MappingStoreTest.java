package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MappingStoreContract;
import io.shardmill.poller.checkpoint.StoredMapping;
import java.nio.file.Path;
import java.time.Instant;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

class H2MappingStoreTest extends MappingStoreContract {

    @TempDir
    private Path folder;

    private JdbcConnectionPool pool;

    @BeforeEach
    void open() {
        pool = H2Files.open(folder.resolve("checkpoints"));
        CheckpointSchema.create(pool);
    }

    @AfterEach
    void close() {
        pool.dispose();
    }

    @Test
    void tables_without_room_for_mappings_get_it_and_keep_what_they_hold() {
        JdbcTemplate sql = new JdbcTemplate(pool);
        sql.execute("alter table shardmill_mapping drop column definition");
        sql.execute("alter table shardmill_mapping drop column last_modified");
        sql.execute("insert into shardmill_mapping (namespace, mapping, paused) values ('shop', 'old', true)");

        CheckpointSchema.create(pool);

        assertThat(checkpoints().isPaused("shop", "old")).isTrue();
        StoredMapping mapping = new StoredMapping("new", "{}", true, Instant.EPOCH);
        assertThat(store().create("shop", mapping)).isTrue();
        assertThat(store().all("shop")).containsExactly(mapping);
    }

    @Override
    protected MappingStore store() {
        return new JdbcMappingStore(pool);
    }

    @Override
    protected CheckpointStore checkpoints() {
        return new JdbcCheckpointStore(pool);
    }
}
