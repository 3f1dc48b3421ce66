package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Lambda would find out at each invocation, with the batch's attempts. */
class CodeCheckTest {

    @TempDir
    private Path code;

    private static Program java(String handler) {
        return new Program(LambdaRuntime.JAVA21, handler, Map.of());
    }

    @Test
    void the_handlers_class_is_in_the_folder_or_in_a_jar_of_its_libraries() throws IOException {
        Files.createDirectories(code.resolve("com/acme"));
        Files.writeString(code.resolve("com/acme/Here$Inner.class"), "");
        Files.createDirectories(code.resolve("lib"));
        Files.writeString(code.resolve("lib/README"), "no jar");
        Archives.zip(code.resolve("lib/in.jar"), Map.of("com/acme/Lib.class", ""));

        assertThatNoException().isThrownBy(() -> CodeCheck.check(java("com.acme.Here$Inner"), code));
        assertThatNoException().isThrownBy(() -> CodeCheck.check(java("com.acme.Lib::handle"), code));
        assertThatThrownBy(() -> CodeCheck.check(java("com.acme.Gone::handle"), code))
                .hasMessage("handler: 'com.acme.Gone::handle' can't be loaded: the code has no com/acme/Gone.class,"
                        + " nor has a jar in its folder lib");
    }

    @Test
    void a_spring_boot_jar_is_recognized() throws IOException {
        Files.createDirectories(code.resolve("BOOT-INF/classes"));
        assertThatThrownBy(() -> CodeCheck.check(java("com.acme.App"), code))
                .hasMessageEndingWith("a Spring Boot executable jar can't be deployed, as on Lambda: shade it");
    }

    @Test
    void a_bootstrap_must_be_there_and_executable() throws IOException {
        Program provided = new Program(LambdaRuntime.PROVIDED_AL2023, "h", Map.of());
        assertThatThrownBy(() -> CodeCheck.check(provided, code))
                .hasMessageStartingWith("code: has no file named bootstrap at its top");
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n");
        assertThatThrownBy(() -> CodeCheck.check(provided, code))
                .hasMessage("code: its bootstrap is not executable: chmod +x it before it is zipped");
        if (!bootstrap.toFile().setExecutable(true)) {
            throw new IOException("can't be made executable");
        }
        assertThatNoException().isThrownBy(() -> CodeCheck.check(provided, code));
    }
}
