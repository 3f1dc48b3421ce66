package io.shardmill.poller.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A destination that comes by request stays in the folders meant for it, whatever it is called. */
class DestinationFilesTest {

    @TempDir
    private Path folder;

    private Path data;
    private Path allowed;
    private Path outside;
    private BuiltInDestinations builtIn;

    @BeforeEach
    void open() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        allowed = data.resolve("destinations");
        outside = Files.createDirectory(folder.resolve("outside"));
        Path own = data.toRealPath().resolve("streams");
        builtIn = new BuiltInDestinations(DestinationFiles.in(
                List.of(allowed),
                Set.of("file:" + outside.resolve("configured.jsonl"), "file:" + data.resolve("streams/x")),
                real -> real.startsWith(own)));
    }

    @AfterEach
    void close() throws IOException {
        builtIn.close();
    }

    private void require(Path file) {
        new Destinations(Map.of(), List.of(builtIn)).require("file:" + file, "orders");
    }

    private void assertRefused(Path file) {
        assertThatThrownBy(() -> require(file))
                .isInstanceOf(InvalidMappingException.class)
                .hasMessageStartingWith("on-failure: 'file:" + file + "' can't be used: ");
    }

    @Test
    void a_file_in_an_allowed_folder_is_created_with_its_folders() {
        require(allowed.resolve("orders/failed.jsonl"));
        assertThat(allowed.resolve("orders/failed.jsonl")).exists();
    }

    @Test
    void what_the_configuration_names_may_be_anywhere() {
        require(outside.resolve("configured.jsonl"));
        assertThat(outside.resolve("configured.jsonl")).exists();
    }

    @Test
    void every_other_path_is_refused_and_no_file_is_created() {
        for (Path file : List.of(
                outside.resolve("x.jsonl"),
                allowed.resolve("../x.jsonl"),
                allowed.resolve("../../outside/x.jsonl"),
                allowed,
                Path.of("x-of-destination-files-test.jsonl"))) {
            assertRefused(file);
            assertThat(file)
                    .satisfiesAnyOf(
                            path -> assertThat(path).doesNotExist(),
                            path -> assertThat(path).isEqualTo(allowed));
        }
    }

    @Test
    void links_lead_nowhere_else() throws IOException {
        Files.createDirectory(allowed);
        Files.createSymbolicLink(allowed.resolve("folder"), outside);
        Files.createSymbolicLink(allowed.resolve("dangling.jsonl"), outside.resolve("new.jsonl"));
        Path target = Files.writeString(outside.resolve("there.jsonl"), "");
        Files.createSymbolicLink(allowed.resolve("file.jsonl"), target);

        assertRefused(allowed.resolve("folder/x.jsonl"));
        assertRefused(allowed.resolve("dangling.jsonl"));
        assertRefused(allowed.resolve("file.jsonl"));
        assertThat(outside.resolve("x.jsonl")).doesNotExist();
        assertThat(outside.resolve("new.jsonl")).doesNotExist();
    }

    @Test
    void an_allowed_folder_may_be_a_link_itself() throws IOException {
        Files.createSymbolicLink(allowed, outside);
        require(allowed.resolve("x.jsonl"));
        assertThat(outside.resolve("x.jsonl")).exists();
    }

    @Test
    void our_own_files_are_refused_to_the_configuration_too() {
        assertRefused(data.resolve("streams/x"));
        assertThat(data.resolve("streams")).doesNotExist();
    }

    @Test
    void a_refusal_names_no_path_but_the_one_that_was_asked_for() {
        assertThatThrownBy(() -> require(Path.of("x-of-destination-files-test.jsonl")))
                .hasMessageNotContaining(folder.toString())
                .hasMessageNotContaining(Path.of("").toAbsolutePath().toString())
                .hasMessageContaining("shardmill.file-destinations");
        assertThatThrownBy(() -> new BuiltInDestinations()
                        .find("file:../" + Path.of("").toAbsolutePath().getFileName()))
                .hasMessageNotContaining(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void a_file_or_folder_that_is_swapped_for_a_link_between_two_sends_gets_nothing() throws Exception {
        Path file = allowed.resolve("orders/failed.jsonl");
        Path victim = Files.writeString(outside.resolve("failed.jsonl"), "");
        OnFailureDestination destination = builtIn.find("file:" + file).orElseThrow();
        destination.send(Discarded.batch("a"));

        Files.move(file, allowed.resolve("rotated"));
        Files.createSymbolicLink(file, victim);
        assertThatThrownBy(() -> destination.send(Discarded.batch("b"))).isInstanceOf(IllegalStateException.class);
        Files.delete(file);
        Files.delete(file.getParent());
        Files.createSymbolicLink(file.getParent(), outside);
        assertThatThrownBy(() -> destination.send(Discarded.batch("c"))).isInstanceOf(IllegalStateException.class);
        assertThat(victim).isEmptyFile();

        Files.delete(file.getParent());
        destination.send(Discarded.batch("d"));
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void a_path_that_can_not_be_resolved_for_a_while_refuses_nothing_and_takes_the_batch_when_it_can()
            throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path mounted = Files.createSymbolicLink(allowed, disk);
        Path file = mounted.resolve("failed.jsonl");
        OnFailureDestination destination = builtIn.find("file:" + file).orElseThrow();
        Files.move(disk, folder.resolve("away"));
        assertThatThrownBy(() -> destination.send(Discarded.batch("a"))).isInstanceOf(NotInvokedException.class);
        Files.move(folder.resolve("away"), disk);
        destination.send(Discarded.batch("a"));

        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void a_link_is_never_opened_even_when_nobody_asked_where_it_leads() throws IOException {
        Path victim = Files.writeString(outside.resolve("victim"), "");
        Path link = Files.createSymbolicLink(outside.resolve("link"), victim);
        assertThatThrownBy(() -> new FileDestination(link).close()).isInstanceOf(IOException.class);
    }
}
