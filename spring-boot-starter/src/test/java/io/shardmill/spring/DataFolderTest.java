package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Nobody else may enter the data folder, and nobody may append to Shardmill's own files in it. */
@ExtendWith(OutputCaptureExtension.class)
class DataFolderTest {

    @TempDir
    private Path folder;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path folder(String permissions) throws IOException {
        Path made = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
        return made;
    }

    @Test
    void a_new_folder_is_its_owners_alone() throws IOException {
        Path data = folder.resolve("a/b");
        DataFolder.open(data);
        assertThat(permissions(data)).isEqualTo("rwx------");
        DataFolder.open(data);
    }

    @Test
    void a_folder_of_ours_that_is_open_is_closed_and_the_log_says_so(CapturedOutput output) throws IOException {
        Path data = folder("rwxr-xr-x");
        Files.createDirectories(data.resolve("streams"));
        Files.writeString(data.resolve("streams/streams.meta"), "");
        Files.createDirectory(data.resolve("else"));
        DataFolder.open(data);
        assertThat(permissions(data)).isEqualTo("rwx------");
        assertThat(output).contains("to other users, rwxr-xr-x before and rwx------ now");
    }

    @Test
    void a_folder_with_nothing_but_its_owners_files_is_closed() throws IOException {
        Path data = folder("rwxrwxrwx");
        Files.writeString(data.resolve("application.mv.db"), "");
        DataFolder.open(data);
        assertThat(permissions(data)).isEqualTo("rwx------");
    }

    @Test
    void a_folder_with_folders_that_are_not_ours_is_refused_and_left_alone() throws IOException {
        Path data = folder("rwxr-xr-x");
        Files.createDirectory(data.resolve("www"));
        assertThatThrownBy(() -> DataFolder.open(data))
                .isInstanceOf(ShardmillConfigurationException.class)
                .hasMessageContainingAll("shardmill.data-dir: ", data.toString(), "rwxr-xr-x", "rwx------");
        assertThat(permissions(data)).isEqualTo("rwxr-xr-x");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        DataFolder.open(data);
    }

    @Test
    void the_web_servers_folder_proves_nothing_and_is_no_objection() throws IOException {
        Path data = folder("rwxr-xr-x");
        Files.createDirectories(data.resolve("web/root"));
        for (String theirs : List.of("www", "environments", "streams/music")) {
            Path made = Files.createDirectories(data.resolve(theirs));
            assertThatThrownBy(() -> DataFolder.open(data))
                    .hasMessageContaining("it contains unrelated directories; use a dedicated folder");
            assertThat(permissions(data)).as(theirs).isEqualTo("rwxr-xr-x");
            for (Path each = made; !each.equals(data); each = each.getParent()) {
                Files.delete(each);
            }
        }
        DataFolder.open(data);
        assertThat(permissions(data)).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shardmill-functions/f/function.json", "checkpoints.mv.db", "streams/streams.meta"})
    void a_folder_of_ours_is_known_by_files_that_only_we_make(String file) throws IOException {
        Path data = folder("rwxr-xr-x");
        Files.createDirectory(data.resolve("else"));
        Files.createDirectories(data.resolve(file).getParent());
        Files.writeString(data.resolve(file), "");
        DataFolder.open(data);
        assertThat(permissions(data)).isEqualTo("rwx------");
    }

    @Test
    void our_own_files_are_known_by_their_places() throws IOException {
        DataFolder data = DataFolder.open(folder.resolve("data"));
        Path real = folder.toRealPath().resolve("data");
        for (String own : List.of(
                "streams/orders/x",
                "checkpoints.mv.db",
                "CheckPoints.trace.db",
                "Environments/lock",
                "shardmill-functions/f/function.json")) {
            assertThat(data.isOwn(real.resolve(own))).as(own).isTrue();
        }
        for (String other : List.of("isolated.jsonl", "destinations/x", "streams.jsonl", "../checkpoints.mv.db")) {
            assertThat(data.isOwn(real.resolve(other).normalize())).as(other).isFalse();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Consumer<List<Record>> delays() {
            return batch -> {};
        }
    }

    @Test
    void mappings_made_at_run_time_have_files_in_the_folders_for_them_and_configured_ones_anywhere()
            throws IOException {
        Path data = folder.resolve("data");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Apps.in(data)
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "shardmill.streams.flights.shards=1",
                        "shardmill.streams.trains.shards=1",
                        "shardmill.mappings.delays.stream=flights",
                        "shardmill.mappings.delays.on-failure=file:" + elsewhere.resolve("configured.jsonl"))
                .run(context -> {
                    assertThat(permissions(data)).isEqualTo("rwx------");
                    Mappings mappings = context.getBean(Mappings.class);
                    EventSourceMapping made =
                            EventSourceMapping.of("made", "trains").withFunction("delays");
                    assertThatThrownBy(() -> mappings.create(to(made, elsewhere.resolve("x.jsonl")), true))
                            .hasMessageContaining("shardmill.file-destinations");
                    assertThatThrownBy(() -> mappings.create(to(made, data.resolve("checkpoints.mv.db")), true))
                            .hasMessageContaining("one of Shardmill's own");
                    mappings.create(to(made, data.resolve("destinations/x.jsonl")), true);
                    assertThat(data.resolve("destinations/x.jsonl")).exists();
                    assertThatThrownBy(() -> mappings.update(to(made, elsewhere.resolve("x.jsonl")))
                                    .join())
                            .hasStackTraceContaining("shardmill.file-destinations");
                });
        assertThat(elsewhere.resolve("configured.jsonl")).exists();
        assertThat(elsewhere.resolve("x.jsonl")).doesNotExist();
    }

    private static EventSourceMapping to(EventSourceMapping mapping, Path file) {
        FailureHandling failures = mapping.failureHandling();
        return mapping.with(new FailureHandling(
                failures.maximumRetryAttempts(),
                failures.maximumRecordAge(),
                failures.bisectBatchOnFunctionError(),
                failures.reportBatchItemFailures(),
                "file:" + file));
    }

    @Test
    void a_configured_destination_on_our_own_files_is_an_error_at_start() {
        Apps.in(folder.resolve("data"))
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "shardmill.streams.flights.shards=1",
                        "shardmill.mappings.delays.stream=flights",
                        "shardmill.mappings.delays.on-failure=file:" + folder.resolve("data/streams/x"))
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("shardmill.mappings.delays.on-failure")
                        .hasStackTraceContaining("one of Shardmill's own"));
    }

    @Test
    void more_folders_can_be_configured() {
        Path other = folder.resolve("other");
        Apps.in(folder.resolve("data"))
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "shardmill.file-destinations=" + other,
                        "shardmill.streams.flights.shards=1",
                        "shardmill.streams.trains.shards=1",
                        "shardmill.mappings.delays.stream=flights")
                .run(context -> {
                    EventSourceMapping made =
                            EventSourceMapping.of("made", "trains").withFunction("delays");
                    context.getBean(Mappings.class).create(to(made, other.resolve("x.jsonl")), true);
                    assertThat(other.resolve("x.jsonl")).exists();
                });
    }
}
