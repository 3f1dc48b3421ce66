package io.shardmill.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderLockTest {

    private static final String NAME = "lock";

    @TempDir
    private Path folder;

    /** Says whether another process could lock the folder. */
    static final class Other {

        private Other() {}

        public static void main(String[] args) throws IOException {
            try (FolderLock lock = FolderLock.tryTake(Path.of(args[0]), NAME)) {
                System.out.print(lock == null ? "refused" : "taken");
            }
        }
    }

    private String otherProcess() throws IOException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void a_folder_is_open_once_over_processes() throws IOException {
        try (FolderLock lock = FolderLock.tryTake(folder, NAME)) {
            assertThat(lock).isNotNull();
            assertThat(otherProcess()).isEqualTo("refused");
            assertThat(FolderLock.isHeldHere(folder, NAME)).isTrue();
        }
        assertThat(otherProcess()).isEqualTo("taken");
        assertThat(FolderLock.isHeldHere(folder, NAME)).isFalse();
    }

    /** Closing another channel of the file would drop the lock of the whole process. */
    @Test
    void a_second_opening_in_the_same_process_is_refused_and_leaves_the_lock_with_the_first() throws IOException {
        try (FolderLock lock = FolderLock.tryTake(folder, NAME)) {
            assertThat(lock).isNotNull();
            assertThat(FolderLock.tryTake(folder.resolve("../" + folder.getFileName()), NAME))
                    .isNull();
            assertThat(otherProcess()).isEqualTo("refused");
        }
    }

    @Test
    void two_locks_of_a_folder_know_nothing_of_each_other() throws IOException {
        try (FolderLock lock = FolderLock.tryTake(folder, NAME);
                FolderLock other = FolderLock.tryTake(folder, "other")) {
            assertThat(lock).isNotNull();
            assertThat(other).isNotNull();
        }
    }
}
