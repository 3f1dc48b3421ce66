package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged server leaves behind when it is killed with SIGKILL. */
@Timeout(120)
class KilledServerIT {

    @TempDir
    private Path folder;

    @Test
    void nothing_is_left_in_the_systems_temporary_directory() {
        try (ServerProcess server = new ServerProcess(folder)) {
            assertThat(server.uri()).isNotNull();
            server.kill();
            assertThat(server.temporaryFolder()).isEmptyDirectory();
        }
    }
}
