package io.shardmill.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen without pulling a plug. */
class DurableFilesTest {

    @TempDir
    private Path folder;

    @Test
    void a_file_is_replaced_as_a_whole_and_only_its_owner_can_read_it() throws IOException {
        Path file = Files.writeString(folder.resolve("f.json"), "something longer before");
        Files.writeString(folder.resolve("f.json.tmp"), "left by a crash");
        DurableFiles.replace(file, "after".getBytes(StandardCharsets.UTF_8));
        assertThat(file).hasContent("after");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(Folders.entries(folder)).containsExactly(file);
    }

    @Test
    void folders_are_created_with_those_above_them() throws IOException {
        DurableFiles.createFolders(folder.resolve("a/b/c"));
        DurableFiles.createFolders(folder.resolve("a/b/c"));
        assertThat(folder.resolve("a/b/c")).isDirectory();
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> DurableFiles.createFolders(file)).isInstanceOf(IOException.class);
    }

    @Test
    void a_tree_keeps_what_is_in_it() throws IOException {
        Path code = Files.createDirectories(folder.resolve("code/lib"));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), "#!/bin/sh");
        assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
        assertThatCode(() -> DurableFiles.forceTree(folder.resolve("code"))).doesNotThrowAnyException();
        assertThat(bootstrap).hasContent("#!/bin/sh").isExecutable();
    }
}
