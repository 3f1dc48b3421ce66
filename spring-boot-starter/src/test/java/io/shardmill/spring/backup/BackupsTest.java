package io.shardmill.spring.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.stream.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class BackupsTest {

    private static final String SHARD_0 = "shardId-000000000000";

    @TempDir
    private Path folder;

    private final DataSource database = database();
    private EmbeddedStreams streams;
    private Backups backups;
    private MappingKey key;

    private static DataSource database() {
        DataSource database = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        CheckpointSchema.create(database);
        return database;
    }

    /** Ten records in one shard, of which a mapping has finished three, and none in a stream beside it. */
    @BeforeEach
    void start() {
        streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve("data/streams")));
        streams.createStream("orders", 1);
        streams.createStream("empty", 1);
        List<SequenceNumber> numbers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            numbers.add(streams.put("orders", PutEntry.of("k", "text " + i)).sequenceNumber());
        }
        String incarnation = streams.find("orders").orElseThrow().describe().incarnation();
        key = new MappingKey("shop", "delays", "orders", incarnation);
        JdbcCheckpointStore store = new JdbcCheckpointStore(database);
        store.create(key, List.of(CheckpointRow.begin(SHARD_0, ShardState.READING, Position.trimHorizon(), List.of())));
        CheckpointRow row = store.takeOver(key, Map.of(SHARD_0, 0L), "me").get(0);
        Progress progress = new Progress(numbers.get(2), List.of(), List.of(), null);
        assertThat(store.save(List.of(
                        new CheckpointUpdate(key, SHARD_0, "me", row.epoch(), ShardState.READING, progress, false))))
                .isEmpty();
        backups = new Backups(
                new Backups.Sources(
                        streams,
                        new CheckpointBackup(database),
                        "shop",
                        true,
                        target -> Files.writeString(
                                Files.createDirectories(target.resolve("f/1")).resolve("odd\nname\\"), "code")),
                folder.resolve("backups"),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        streams.close();
    }

    private static List<Path> files(Path backup) throws IOException {
        try (Stream<Path> entries = Files.walk(backup)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Restore restore(String into) {
        return new Restore(folder.resolve(into), Clock.systemUTC());
    }

    @Test
    void a_restore_says_what_is_delivered_again_and_leaves_all_that_was_backed_up() throws IOException {
        Path backup = backups.take("one").folder();

        RestoreReport report = restore("restored").from(backup);

        assertThat(report.redeliveries()).singleElement().satisfies(redelivery -> {
            assertThat(redelivery.mapping()).isEqualTo("delays");
            assertThat(redelivery.shard()).isEqualTo(SHARD_0);
            assertThat(redelivery.records()).isEqualTo(7);
            assertThat(redelivery.problem()).isNull();
        });
        assertThat(report.lines()).anyMatch(line -> line.contains("mapping delays, stream orders, " + SHARD_0 + ": 7"));
        assertThat(folder.resolve("restored/shardmill-functions/f/1/odd\nname\\"))
                .hasContent("code");
        DataSource other = database();
        RestoredFolder restored = RestoredFolder.in(folder.resolve("restored"));
        restored.loadCheckpoints(new CheckpointBackup(other));
        restored.loadCheckpoints(new CheckpointBackup(other));
        JdbcCheckpointStore store = new JdbcCheckpointStore(other);
        assertThat(store.load(key)).singleElement().satisfies(row -> {
            CheckpointRow original = new JdbcCheckpointStore(database).load(key).get(0);
            assertThat(row.progress()).isEqualTo(original.progress());
            assertThat(row.start()).isEqualTo(original.start());
            assertThat(row.epoch()).isEqualTo(original.epoch());
        });
        assertThat(folder.resolve("restored"))
                .isDirectoryNotContaining(entry -> entry.toString().contains("restore."));
        try (EmbeddedStreams again =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve("restored/streams")))) {
            assertThat(again.list()).containsExactly("empty", "orders");
        }
    }

    @Test
    void rows_that_outlived_the_data_folder_are_replaced_under_no_smaller_epochs_and_other_namespaces_are_left_alone()
            throws IOException {
        JdbcCheckpointStore store = new JdbcCheckpointStore(database);
        Path backup = backups.take("one").folder();
        MappingKey foreign = new MappingKey("other", "delays", "orders", key.incarnation());
        CheckpointRow later = new CheckpointRow(
                SHARD_0, ShardState.ENDED, Position.trimHorizon(), Progress.NONE, List.of(), Long.MAX_VALUE / 2);
        store.create(foreign, List.of(later));
        store.delete(key, List.of(SHARD_0));
        store.create(key, List.of(later));

        restore("restored").from(backup);
        RestoredFolder.in(folder.resolve("restored")).loadCheckpoints(new CheckpointBackup(database));

        assertThat(store.load(foreign)).containsExactly(later);
        assertThat(store.load(key)).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(ShardState.READING);
            assertThat(row.epoch()).isGreaterThanOrEqualTo(later.epoch());
        });
    }

    @Test
    void each_damage_of_each_file_is_refused_by_name_and_nothing_is_written() throws IOException {
        Path backup = backups.take("one").folder();
        List<Path> files = files(backup);
        assertThat(files).hasSizeGreaterThan(5);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            byte[] flipped = whole.clone();
            flipped[whole.length / 2] ^= 0x10;
            Files.write(file, flipped);
            assertRefused(backup, file, "flipped");
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
            assertRefused(backup, file, "truncated");
            Files.write(file, new byte[0]);
            assertRefused(backup, file, "empty");
            Files.delete(file);
            assertRefused(backup, file, "missing");
            Files.write(file, whole);
        }
        Path stranger = Files.writeString(backup.resolve("streams/stranger"), "?");
        assertRefused(backup, stranger, "not listed");
        Files.delete(stranger);
        restore("restored").from(backup);
    }

    /** A damaged list of checksums names itself, or the file whose line it has lost. */
    private void assertRefused(Path backup, Path file, String damage) {
        boolean isList = file.endsWith(Checksums.FILE);
        assertThatThrownBy(() -> restore("restored").from(backup))
                .as("%s %s", damage, file)
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(isList ? backup.toString() : file.toString());
        assertThat(folder.resolve("restored")).doesNotExist();
    }

    @Test
    void a_restore_that_ends_anywhere_leaves_a_folder_that_is_refused_and_can_be_restored_into() throws IOException {
        Path backup = backups.take("one").folder();
        List<Path> steps = new ArrayList<>();
        new Restore(folder.resolve("whole"), Clock.systemUTC(), steps::add).from(backup);
        assertThat(steps).hasSizeGreaterThan(5);
        for (int failing = 0; failing < steps.size(); failing++) {
            int last = failing;
            List<Path> done = new ArrayList<>();
            Path target = folder.resolve("restored-" + failing);
            assertThatThrownBy(() -> new Restore(target, Clock.systemUTC(), file -> {
                                if (done.size() == last) {
                                    throw new IllegalStateException("planted");
                                }
                                done.add(file);
                            })
                            .from(backup))
                    .hasMessage("planted");
            assertThatThrownBy(() -> RestoredFolder.in(target))
                    .as("after %s", done)
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("has not come to its end");
            assertThat(new Restore(target, Clock.systemUTC()).from(backup).redeliveries())
                    .hasSize(1);
            RestoredFolder.in(target);
        }
    }

    @Test
    void an_archive_that_made_files_read_only_is_restored_into_files_that_can_be_written() throws IOException {
        Path backup = backups.take("one").folder();
        Path code = backup.resolve("functions/f/1/odd\nname\\");
        for (Path file : files(backup)) {
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(file.equals(code) ? "r-x------" : "r--------"));
        }
        restore("restored").from(backup);
        for (Path file : files(folder.resolve("restored"))) {
            assertThat(Files.getPosixFilePermissions(file)).as("%s", file).contains(PosixFilePermission.OWNER_WRITE);
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("restored/shardmill-functions/f/1/odd\nname\\")))
                .contains(PosixFilePermission.OWNER_EXECUTE);
    }

    @Test
    void only_an_empty_folder_is_restored_into() throws IOException {
        Path backup = backups.take("one").folder();
        assertThatThrownBy(() -> restore("data").from(backup))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("holds 'streams'");
        restore("restored").from(backup);
        assertThatThrownBy(() -> restore("restored").from(backup))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is restored into an empty folder");
        Files.createDirectories(folder.resolve("mounted/lost+found"));
        restore("mounted").from(backup);
    }

    @Test
    void a_name_stays_within_the_folder_of_backups_and_is_used_once() throws IOException {
        for (String name :
                List.of("", ".", "..", "../data", "a/b", "/tmp/x", ".hidden", "a.partial", "a".repeat(101))) {
            assertThatThrownBy(() -> backups.take(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("name: '" + name + "'");
        }
        Files.createDirectories(folder.resolve("backups/empty"));
        backups.take("empty");
        assertThatThrownBy(() -> backups.take("empty"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exists and is not empty");
        assertThat(Files.getPosixFilePermissions(folder.resolve("backups/empty")))
                .hasSize(3);
    }

    @Test
    void a_backup_that_fails_leaves_nothing_and_a_later_one_succeeds() throws IOException {
        Backups failing = new Backups(
                new Backups.Sources(streams, new CheckpointBackup(database), "shop", true, target -> {
                    throw new IOException("planted");
                }),
                folder.resolve("backups"),
                Clock.systemUTC());
        assertThatThrownBy(() -> failing.take("one"))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("planted");
        assertThat(folder.resolve("backups")).isEmptyDirectory();
        assertThat(backups.take("one").bytes()).isPositive();
        backups.close();
        assertThatThrownBy(() -> backups.take("two")).hasMessageContaining("the application is stopping");
        assertThat(Files.exists(folder.resolve("backups/two"))).isFalse();
    }
}
