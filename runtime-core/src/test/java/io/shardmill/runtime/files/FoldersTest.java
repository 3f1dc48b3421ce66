package io.shardmill.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    private static final int LEVELS = 1_000;

    @TempDir
    private Path folder;

    private Path tree() throws IOException {
        return Files.createDirectories(folder.resolve("tree"));
    }

    @Test
    void links_are_deleted_and_what_they_lead_to_is_not() throws IOException {
        Path kept = Files.createDirectories(folder.resolve("kept/below"));
        Files.createSymbolicLink(tree().resolve("link"), folder.resolve("kept"));
        Files.createSymbolicLink(tree().resolve("dangling"), folder.resolve("none"));
        Files.writeString(tree().resolve("file"), "");
        Folders.delete(tree());
        assertThat(folder.resolve("tree")).doesNotExist();
        assertThat(kept).exists();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("kept"));
        Folders.delete(link);
        assertThat(link).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void a_folder_that_is_put_elsewhere_while_it_is_deleted_takes_nothing_else_with_it() throws IOException {
        Path victim = Files.createDirectories(folder.resolve("victim/x"));
        Path moved = folder.resolve("moved");
        Files.createDirectories(tree().resolve("x"));
        try (var entries = Files.newDirectoryStream(tree())) {
            if (entries instanceof SecureDirectoryStream<Path> opened) {
                Files.move(folder.resolve("tree"), moved);
                Files.createSymbolicLink(folder.resolve("tree"), victim.getParent());
                new SecureDeletion(opened).delete(Path.of("x"));
                assertThat(moved).isEmptyDirectory();
            }
        }
        assertThat(victim).exists();
    }

    @Test
    void folders_within_each_other_may_be_more_than_open_files() throws IOException {
        Files.createDirectories(tree().resolve("d/".repeat(LEVELS)));
        Folders.delete(tree());
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void what_is_not_there_is_no_error() throws IOException {
        Folders.delete(folder.resolve("none"));
        Folders.delete(folder.resolve("none/below"));
        Path file = Files.createFile(folder.resolve("file"));
        Folders.delete(file.resolve("below"));
        Folders.delete(file.resolve("below/further"));
        assertThat(file).exists();
    }
}
