package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged server says when it can't start as it is configured. */
@Timeout(120)
class RefusedStartIT {

    @TempDir
    private Path folder;

    @Test
    void a_wrong_property_is_described_once_and_without_a_stack_trace() {
        try (ServerProcess server = new ServerProcess(
                folder,
                "--shardmill.functions.f.code=./code",
                "--shardmill.functions.f.handler=com.acme.Handler",
                "--shardmill.functions.f.memory=64MB")) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.console())
                    .containsOnlyOnce("shardmill.functions.f.memory: 64 must be between 128 and 10240 (MB)")
                    .contains("Change shardmill.functions.f.memory in the application's configuration.")
                    .doesNotContain("\tat ");
            assertThat(server.console().lines()).hasSizeLessThan(25);
        }
    }
}
