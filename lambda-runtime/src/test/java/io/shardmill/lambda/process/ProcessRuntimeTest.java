package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder that functions' processes share, when a function has left in it what Java can't delete. */
@Timeout(60)
class ProcessRuntimeTest {

    @TempDir
    Path folder;

    /** Its paths are longer than the system takes: two halves, each short enough, one moved into the other. */
    private void leaveUndeletable() throws IOException {
        Path deep = Path.of(("d".repeat(200) + "/").repeat(15));
        Path half = Files.createDirectories(folder.resolve("environments").resolve(deep));
        Files.createDirectories(folder.resolve("other").resolve(deep));
        Files.move(folder.resolve("other"), half.resolve("other"));
    }

    /** Step by step, as Java does not. */
    @AfterEach
    void delete() throws Exception {
        Process removal = new ProcessBuilder("rm", "-rf", "environments")
                .directory(folder.toFile())
                .start();
        assertThat(removal.waitFor()).isZero();
    }

    @Test
    void a_folder_is_let_go_even_if_it_cant_be_cleared() throws Exception {
        ProcessRuntime first = ProcessRuntime.open(folder);
        leaveUndeletable();
        assertThatCode(first::close).doesNotThrowAnyException();
        delete();

        assertThatCode(() -> ProcessRuntime.open(folder).close()).doesNotThrowAnyException();
    }

    @Test
    void a_folder_that_cant_be_used_is_not_kept_from_others() throws Exception {
        leaveUndeletable();
        assertThatThrownBy(() -> ProcessRuntime.open(folder)).isInstanceOf(UncheckedIOException.class);
        delete();

        assertThatCode(() -> ProcessRuntime.open(folder).close()).doesNotThrowAnyException();
    }
}
