package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.deploy.DeployedFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Functions in Python and JavaScript; a shell script takes the interpreter's place. */
class InterpretersConfigurationTest {

    @TempDir
    private Path folder;

    private Path code;

    @BeforeEach
    void writeCode() throws IOException {
        code = Files.createDirectory(folder.resolve("code"));
        Files.writeString(code.resolve("index.js"), "");
    }

    private String interpreter(String version) throws IOException {
        Path program = Files.writeString(folder.resolve("node"), "#!/bin/sh\necho " + version + "\necho \"$0\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return "shardmill.interpreters=" + program;
    }

    private ApplicationContextRunner app(String... properties) {
        return Apps.in(folder.resolve("data"))
                .withPropertyValues("shardmill.functions.f.code=" + code, "shardmill.functions.f.runtime=nodejs22.x")
                .withPropertyValues(properties);
    }

    private void assertRuns(String... properties) {
        app(properties).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(DeployedFunctions.class)
                            .describe("f")
                            .orElseThrow()
                            .active())
                    .isTrue();
        });
    }

    @Test
    void a_named_interpreter_runs_the_runtimes_of_its_version() throws IOException {
        assertRuns(interpreter("22.1.0"), "shardmill.functions.f.handler=index.handler");
    }

    @Test
    void one_of_another_version_runs_them_if_that_is_allowed() throws IOException {
        assertRuns(
                interpreter("1.0.0"),
                "shardmill.allow-other-interpreter-versions=true",
                "shardmill.functions.f.handler=index.handler");
    }

    @Test
    void a_named_interpreter_that_cannot_be_run_stops_the_application() {
        String gone = "shardmill.interpreters=" + folder.resolve("gone/node");
        app(gone, "shardmill.functions.f.handler=index.handler")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("shardmill.interpreters: '" + folder.resolve("gone/node")
                                + "' must be a python or node that can be run ("));
    }

    @Test
    void a_handler_is_required() throws IOException {
        app(interpreter("22.1.0"))
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("shardmill.functions.f.handler: is missing: it must name a file and a"
                                + " function, such as app.handler"));
    }
}
