package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a version takes, and when it ends, whatever runs it. */
class FunctionVersionTest {

    @TempDir
    private Path folder;

    private final List<String> calls = new ArrayList<>();
    private CodeRevision code;
    private FunctionVersion version;

    private final class Hosted implements HostedFunction {

        @Override
        public InvokeResponse invoke(InvokeRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration longestInvocation() {
            return Duration.ZERO;
        }

        @Override
        public void kill() {
            calls.add("kill");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @BeforeEach
    void open() throws Exception {
        code = new CodeRevision(Files.createDirectory(folder.resolve("1")), null);
        version = new FunctionVersion(code, new Hosted(), FunctionVersion::close);
        code.release(); // the version is its only user
    }

    @Test
    void an_unused_version_is_closed_when_it_is_retired() {
        version.retire();

        assertThat(calls).containsExactly("close");
        assertThat(code.folder()).doesNotExist();
        assertThat(version.enter()).isFalse();
    }

    @Test
    void a_used_version_is_closed_after_its_last_invocation() {
        assertThat(version.enter()).isTrue();
        assertThat(version.enter()).isTrue();
        version.retire();
        assertThat(version.enter()).isFalse();
        version.leave();
        assertThat(calls).isEmpty();
        assertThat(code.folder()).exists();

        version.leave();
        assertThat(calls).containsExactly("close");
        assertThat(code.folder()).doesNotExist();
    }

    @Test
    void a_version_that_is_not_retired_stays_open_without_invocations() {
        assertThat(version.enter()).isTrue();
        version.leave();

        assertThat(calls).isEmpty();
        assertThat(version.enter()).isTrue();
    }

    @Test
    void a_killed_version_is_closed_when_what_ran_has_returned() {
        assertThat(version.enter()).isTrue();
        version.kill();
        assertThat(calls).containsExactly("kill");
        assertThat(version.enter()).isFalse();

        version.leave();
        assertThat(calls).containsExactly("kill", "close");
    }

    @Test
    void a_version_is_closed_once() {
        version.retire();
        version.kill();
        version.retire();

        assertThat(calls).containsExactly("close", "kill");
    }
}
