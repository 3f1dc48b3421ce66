package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Lambda would find out at each invocation, with the batch's attempts. */
class CodeCheckTest {

    @TempDir
    private Path code;

    private @Nullable Path layers;

    private static Program java(String handler) {
        return new Program(LambdaRuntime.JAVA21, handler, Map.of());
    }

    private void check(Program program) {
        FunctionConfiguration configuration = FunctionConfiguration.of("f", program.runtime(), program.handler())
                .with(program);
        CodeCheck.check(new FunctionRevision(configuration, Answer.LATEST, code, layers, AwsScope.DEFAULT));
    }

    @Test
    void the_handlers_class_is_in_the_folder_or_in_a_jar_of_its_libraries() throws IOException {
        Files.createDirectories(code.resolve("com/acme"));
        Files.writeString(code.resolve("com/acme/Here$Inner.class"), "");
        Files.createDirectories(code.resolve("lib"));
        Files.writeString(code.resolve("lib/README"), "no jar");
        Archives.zip(code.resolve("lib/in.jar"), Map.of("com/acme/Lib.class", ""));

        assertThatNoException().isThrownBy(() -> check(java("com.acme.Here$Inner")));
        assertThatNoException().isThrownBy(() -> check(java("com.acme.Lib::handle")));
        assertThatThrownBy(() -> check(java("com.acme.Gone::handle")))
                .hasMessage("handler: 'com.acme.Gone::handle' can't be loaded: the code has no com/acme/Gone.class,"
                        + " nor has a jar in its folder lib");
    }

    @Test
    void a_spring_boot_jar_is_recognized() throws IOException {
        Files.createDirectories(code.resolve("BOOT-INF/classes"));
        assertThatThrownBy(() -> check(java("com.acme.App")))
                .hasMessageEndingWith("a Spring Boot executable jar can't be deployed, as on Lambda: shade it");
    }

    private void refuses(LambdaRuntime runtime, String handler, String message) {
        assertThatThrownBy(() -> check(new Program(runtime, handler, Map.of())))
                .isInstanceOf(DeploymentException.class)
                .hasMessage(message);
    }

    private void takes(LambdaRuntime runtime, String... handlers) {
        for (String handler : handlers) {
            assertThatNoException().isThrownBy(() -> check(new Program(runtime, handler, Map.of())));
        }
    }

    @Test
    void a_python_handler_names_a_file_or_package_and_a_function() throws IOException {
        Files.createDirectories(code.resolve("src/orders/package"));
        Files.writeString(code.resolve("app.py"), "");
        Files.writeString(code.resolve("src/orders/app.py"), "");
        Files.writeString(code.resolve("src/orders/package/__init__.py"), "");
        Files.writeString(code.resolve("fast.cpython-312-x86_64-linux-gnu.so"), "");

        takes(
                LambdaRuntime.PYTHON3_12,
                "app.handler",
                "src/orders/app.handler",
                "src.orders.app.handler",
                "src/orders/package.handler",
                "fast.handler");
        refuses(
                LambdaRuntime.PYTHON3_12,
                "/opt/python/wrapper.handler",
                "handler: '/opt/python/wrapper.handler'; it must not begin with '/', as on Lambda; write wrapper.handler for a"
                        + " file in the code or in the folder python of a layer");
        refuses(
                LambdaRuntime.PYTHON3_12,
                "src/app.handler",
                "handler: 'src/app.handler' can't be loaded: the code has no src/app.py");
        for (String malformed : List.of("app", "app.", ".handler", "src/.handler", "../app.handler")) {
            refuses(
                    LambdaRuntime.PYTHON3_12,
                    malformed,
                    "handler: '" + malformed + "'; it must name a file, without its ending, and a function in it; write"
                            + " folder/app.handler for one in that folder");
        }
    }

    @Test
    void a_node_handler_names_a_file_and_what_it_exports() throws IOException {
        Files.createDirectories(code.resolve("src"));
        Files.writeString(code.resolve("index.js"), "");
        Files.writeString(code.resolve("src/orders.mjs"), "");
        Files.writeString(code.resolve("src/old.cjs"), "");

        takes(LambdaRuntime.NODEJS22_X, "index.handler", "index.api.handler", "src/orders.handler", "src/old.handler");
        refuses(
                LambdaRuntime.NODEJS22_X,
                "/opt/nodejs/index.handler",
                "handler: '/opt/nodejs/index.handler' can't be loaded: the code has no /opt/nodejs/index.js, .mjs or .cjs, and the"
                        + " function has no layers");
        refuses(
                LambdaRuntime.NODEJS22_X,
                "orders.handler",
                "handler: 'orders.handler' can't be loaded: the code has no orders.js, .mjs or .cjs");
        refuses(
                LambdaRuntime.NODEJS22_X,
                "handler",
                "handler: 'handler'; it must name a file, without its ending, and a function in it; write"
                        + " folder/index.handler for one in that folder");
    }

    @Test
    void a_handler_may_be_in_a_layer(@TempDir Path opt) throws IOException {
        layers = opt;
        Files.createDirectories(opt.resolve("python/lib/python3.12/site-packages"));
        Files.writeString(opt.resolve("python/lib/python3.12/site-packages/one.py"), "");
        Files.writeString(opt.resolve("python/two.py"), "");
        Files.createDirectories(opt.resolve("nodejs/node_modules/wrapper"));
        Files.writeString(opt.resolve("nodejs/node_modules/wrapper/handler.js"), "");

        takes(LambdaRuntime.PYTHON3_12, "one.handler", "two.handler");
        takes(LambdaRuntime.NODEJS22_X, "/opt/nodejs/node_modules/wrapper/handler.handler");
        refuses(
                LambdaRuntime.PYTHON3_13,
                "one.handler",
                "handler: 'one.handler' can't be loaded: the code has no one.py, nor have its layers");
        refuses(
                LambdaRuntime.NODEJS22_X,
                "/opt/nodejs/gone.handler",
                "handler: '/opt/nodejs/gone.handler' can't be loaded: the code has no /opt/nodejs/gone.js, .mjs or .cjs,"
                        + " nor have its layers");
    }

    @Test
    void a_bootstrap_must_be_there_and_executable() throws IOException {
        Program provided = new Program(LambdaRuntime.PROVIDED_AL2023, "h", Map.of());
        assertThatThrownBy(() -> check(provided))
                .hasMessageStartingWith("code: has no file named bootstrap at its top");
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n");
        assertThatThrownBy(() -> check(provided))
                .hasMessage("code: its bootstrap is not executable: chmod +x it before it is zipped");
        if (!bootstrap.toFile().setExecutable(true)) {
            throw new IOException("can't be made executable");
        }
        assertThatNoException().isThrownBy(() -> check(provided));
    }
}
