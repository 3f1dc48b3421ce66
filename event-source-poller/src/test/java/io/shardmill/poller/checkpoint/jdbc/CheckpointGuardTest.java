package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

class CheckpointGuardTest {

    @TempDir
    private Path folder;

    private Path file;
    private Path mark;

    @BeforeEach
    void name() {
        file = folder.resolve(GuardedStore.FILE);
        mark = folder.resolve(GuardedStore.MARK);
    }

    private List<Object> live() {
        try (GuardedStore store = GuardedStore.open(folder)) {
            if (store.dump().isEmpty()) {
                store.fill(2);
            }
            store.work(1);
            return store.dump();
        }
    }

    private AbstractThrowableAssert<?, ?> refusal() {
        return assertThatThrownBy(() -> GuardedStore.open(folder).kill())
                .isInstanceOf(DamagedCheckpointsException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_store_that_was_stopped_or_killed_opens_with_what_it_held() {
        List<Object> stopped = live();
        GuardedStore again = GuardedStore.open(folder);
        assertThat(again.dump()).isEqualTo(stopped);
        again.work(2);
        List<Object> killed = again.dump();
        again.kill();

        try (GuardedStore store = GuardedStore.open(folder)) {
            assertThat(store.dump()).isEqualTo(killed);
        }
    }

    @Test
    void a_file_that_is_missing_is_refused_each_time_until_it_is_put_back() throws IOException {
        List<Object> dump = live();
        Path aside = folder.resolve("aside");
        Files.move(file, aside);

        refusal().hasMessageContaining("missing");
        refusal().hasMessageContaining("missing");

        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        try (GuardedStore store = GuardedStore.open(folder)) {
            assertThat(store.dump()).isEqualTo(dump);
        }
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        live();
        Files.write(file, new byte[0]);
        refusal();
    }

    @Test
    void an_older_file_is_refused_and_can_be_accepted() throws IOException {
        List<Object> older = live();
        Path copy = Files.copy(file, folder.resolve("copy"));
        live();
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);

        refusal().hasMessageContaining("older");
        refusal().hasMessageContaining("older");

        try (GuardedStore store = GuardedStore.open(folder, true)) {
            assertThat(store.dump()).isEqualTo(older);
        }
        live();
    }

    @Test
    void a_copy_from_the_same_run_is_refused_after_a_kill_if_the_mark_was_advanced_since() throws IOException {
        live();
        GuardedStore store = GuardedStore.open(folder);
        store.work(2);
        Path copy = Files.copy(file, folder.resolve("copy"));
        store.advance();
        store.work(3);
        store.kill();
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);

        refusal().hasMessageContaining("older");
    }

    @Test
    void another_stores_file_is_refused() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        GuardedStore.open(other).close();
        live();
        Files.copy(other.resolve(GuardedStore.FILE), file, StandardCopyOption.REPLACE_EXISTING);

        refusal().hasMessageContaining("another store");
    }

    @Test
    void a_row_that_is_missing_after_a_clean_stop_is_refused_and_can_be_accepted() {
        live();
        GuardedStore store = GuardedStore.open(folder);
        store.close();
        without("delete from shardmill_checkpoint where shard = 'shard-1' and mapping = 'clicks'");

        refusal().hasMessageContainingAll("there were 8 rows", "there are 7 rows");

        GuardedStore.open(folder, true).close();
        GuardedStore.open(folder).close();
    }

    @Test
    void a_table_that_is_missing_is_refused() {
        live();
        without("drop table shardmill_mapping");
        refusal().hasMessageContainingAll("table", "SHARDMILL_MAPPING");
    }

    @Test
    void a_damaged_row_is_refused_even_if_older_ones_are_accepted() {
        live();
        without("update shardmill_checkpoint set watermark = '1' where shard = 'shard-1' and mapping = 'clicks'");

        refusal().hasMessageContainingAll("shardmill_checkpoint", "shard-1", "clicks");
        assertThatThrownBy(() -> GuardedStore.open(folder, true)).isInstanceOf(DamagedCheckpointsException.class);
    }

    /** Changes the file beside the guard. */
    private void without(String sql) {
        var pool = H2Files.open(folder.resolve("checkpoints"));
        new JdbcTemplate(pool).execute(sql);
        pool.dispose();
    }

    @Test
    void a_folder_that_never_saw_the_store_adopts_it() throws IOException {
        List<Object> dump = live();
        Files.delete(mark);
        try (GuardedStore store = GuardedStore.open(folder)) {
            assertThat(store.dump()).isEqualTo(dump);
        }
        assertThat(mark).exists();
    }

    @Test
    void a_server_is_used_without_a_mark_that_cant_be_written_and_a_file_is_not() throws IOException {
        Path blocked = Files.createFile(folder.resolve("blocked")).resolve(GuardedStore.MARK);
        var pool = H2Files.open(folder.resolve("checkpoints"));
        CheckpointGuard server = new CheckpointGuard(
                new CheckpointGuard.Database(pool, "server", "shop", true), new StoreMarkFile(blocked));
        int[] opened = {0};
        for (int call = 0; call < 2; call++) {
            server.open(
                    () -> {
                        CheckpointSchema.create(pool);
                        opened[0]++;
                    },
                    false);
        }
        assertThat(opened[0]).as("verified once").isEqualTo(1);
        server.close();

        CheckpointGuard own =
                new CheckpointGuard(new CheckpointGuard.Database(pool, "own", null, false), new StoreMarkFile(blocked));
        assertThatThrownBy(() -> own.open(() -> {}, false))
                .isInstanceOf(CheckpointStoreException.class)
                .hasMessageContaining(blocked.toString());
        pool.dispose();
    }

    @Test
    void a_crash_between_the_store_and_the_mark_is_no_damage() throws IOException {
        live();
        byte[] before = Files.readAllBytes(mark);
        GuardedStore.open(folder).kill();
        Files.write(mark, before);

        GuardedStore.open(folder).close();
    }

    @Test
    void the_mark_grows_with_each_opening_and_each_clean_stop() {
        live();
        long stopped = generation();
        GuardedStore store = GuardedStore.open(folder);
        assertThat(generation()).isEqualTo(stopped + 1);
        store.close();
        assertThat(generation()).isEqualTo(stopped + 2);
    }

    private long generation() {
        StoreMark read = Objects.requireNonNull(new StoreMarkFile(mark).read());
        return read.generation();
    }

    @Test
    void a_damaged_mark_is_refused_by_its_name() throws IOException {
        live();
        byte[] bytes = Files.readAllBytes(mark);
        bytes[40] ^= 1;
        Files.write(mark, bytes);

        refusal().hasMessageContaining(mark.toString());
    }
}
