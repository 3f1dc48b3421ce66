package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A user that functions can't run as is an error at start which names its property, whoever starts the server. */
class FunctionUserConfigurationTest {

    @TempDir
    private Path folder;

    private Path code;

    @BeforeEach
    void deploy() throws Exception {
        code = Files.createDirectory(folder.resolve("code"));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n");
        assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
    }

    private ApplicationContextRunner app(String... properties) {
        return Apps.in(folder.resolve("data"))
                .withPropertyValues(
                        "shardmill.functions.f.code=" + code, "shardmill.functions.f.runtime=provided.al2023")
                .withPropertyValues(properties);
    }

    private void assertRefused(String message, String... properties) {
        app(properties).run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
    }

    @Test
    void a_user_without_a_folder_that_it_can_enter_is_refused() {
        assertRefused("shardmill.environments-dir: is missing", "shardmill.function-user=nobody");
        assertRefused("shardmill.environments-dir: is missing", "shardmill.functions.f.user=nobody");
    }

    @Test
    void an_unknown_user_is_refused_with_its_property() {
        String environments = "shardmill.environments-dir=" + folder.resolve("environments");
        assertRefused(
                "shardmill.function-user: 'no-such-user'; there is no such user",
                environments,
                "shardmill.function-user=no-such-user");
        assertRefused(
                "shardmill.functions.f.user: 'no-such-user'; there is no such user",
                environments,
                "shardmill.functions.f.user=no-such-user");
    }

    /** JUnit's folder is closed to others, and so are all below it. */
    @Test
    void a_folder_that_the_user_cant_enter_is_refused() {
        assertRefused(
                "shardmill.function-user: 'nobody'; this server can't run processes as that user",
                "shardmill.environments-dir=" + folder.resolve("environments"),
                "shardmill.function-user=nobody");
    }

    @Test
    void a_function_in_this_jvm_has_no_user_of_its_own() {
        assertRefused(
                "shardmill.functions.f.user: 'nobody'; isolation jvm can't change users",
                "shardmill.environments-dir=" + folder.resolve("environments"),
                "shardmill.functions.f.runtime=java17",
                "shardmill.functions.f.handler=a.B",
                "shardmill.functions.f.isolation=jvm",
                "shardmill.functions.f.user=nobody");
    }
}
