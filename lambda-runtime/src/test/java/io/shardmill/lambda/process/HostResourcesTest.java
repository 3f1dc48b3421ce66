package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder that functions' processes share. */
@Timeout(60)
class HostResourcesTest {

    @TempDir
    Path folder;

    private Path own() {
        return folder.resolve("shardmill-environments");
    }

    /** Its paths are longer than the system takes: two halves, each short enough, one moved into the other. */
    private void leaveLongPaths() throws IOException {
        Path deep = Path.of(("d".repeat(200) + "/").repeat(15));
        Path half = Files.createDirectories(own().resolve("environments").resolve(deep));
        Files.writeString(own().resolve("lock"), "");
        Files.createDirectories(folder.resolve("other").resolve(deep));
        Files.move(folder.resolve("other"), half.resolve("other"));
    }

    @Test
    void what_a_function_leaves_is_deleted_though_its_paths_are_longer_than_the_system_takes() throws Exception {
        HostResources first = HostResources.open(folder);
        leaveLongPaths();
        first.close();
        assertThat(own().resolve("environments")).doesNotExist();

        leaveLongPaths();
        HostResources.open(folder).close();
        assertThat(own().resolve("environments")).doesNotExist();
    }

    @Test
    void the_folder_it_is_given_keeps_its_content_and_its_permissions() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xrwx"));
        Files.createDirectories(folder.resolve("environments/mine"));
        Files.createDirectories(folder.resolve("code/mine"));
        for (int start = 0; start < 2; start++) {
            try (HostResources resources = HostResources.open(folder)) {
                assertThat(resources.codeFolder()).startsWithRaw(own()).doesNotExist();
                Files.createDirectories(resources.codeFolder().resolve("left"));
                if (ProcessStatus.ownUid() == 0) {
                    assertThat(resources.user("nobody")).hasToString("nobody");
                }
            }
        }
        assertThat(folder.resolve("environments/mine")).exists();
        assertThat(folder.resolve("code/mine")).exists();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxr-xrwx");
    }

    @Test
    void a_folder_that_somebody_else_made_is_refused_and_left_alone() throws Exception {
        Path theirs = Files.createDirectories(own().resolve("code/theirs"));
        assertRefused();
        assertThat(theirs).exists();
    }

    @Test
    void a_link_to_a_folder_is_refused() throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        Files.writeString(target.resolve("lock"), "");
        Path theirs = Files.createDirectories(target.resolve("code/theirs"));
        Files.createSymbolicLink(own(), target);
        assertRefused();
        assertThat(theirs).exists();
    }

    @Test
    void a_folder_of_another_user_is_refused() throws Exception {
        if (ProcessStatus.ownUid() == 0) {
            Files.createDirectory(own());
            Files.setAttribute(own(), "unix:uid", 65534);
        } else {
            Files.createSymbolicLink(own(), Path.of("/proc/1"));
        }
        assertRefused();
    }

    private void assertRefused() {
        assertThatThrownBy(() -> HostResources.open(folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(own() + " was not created by this server's user");
    }
}
