package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.lambda.deploy.CodeSource;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.runtime.FunctionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions with layers in Python and JavaScript, run by this machine's interpreters, whichever they are. */
@Timeout(120)
class LayeredScriptsTest {

    @TempDir
    private Path folder;

    private DeployedFunctions functions;

    @BeforeEach
    void open() {
        functions = DeployedFunctions.open(folder.resolve("data"));
    }

    @AfterEach
    void close() {
        functions.close();
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** Runs the folder {@code code} with the layers {@code a} and {@code b}. */
    private String run(LambdaRuntime runtime, String handler) throws Exception {
        InvokeResponse response = invoke(runtime, handler);
        assertThat(response.functionError()).as(Functions.text(response)).isNull();
        return Functions.text(response);
    }

    private InvokeResponse invoke(LambdaRuntime runtime, String handler) throws Exception {
        FunctionConfiguration configuration = FunctionConfiguration.of("f", runtime, handler)
                .with(new FunctionSettings(Duration.ofSeconds(60), FunctionSettings.UNLIMITED));
        CodeSource source =
                new CodeSource(folder.resolve("code"), List.of(folder.resolve("a"), folder.resolve("b")));
        assertThat(functions.declare(configuration, source, "shardmill.functions.f").failure())
                .isNull();
        return functions.invoke("f", null, InvokeRequest.of("{}".getBytes(UTF_8)));
    }

    @Test
    void python_finds_modules_in_the_code_then_in_site_packages_then_in_python() throws Exception {
        LambdaRuntime runtime = InstalledRuntimes.of(Family.PYTHON);
        write("code/app.py", """
                import os, first, second, third, fourth
                def handler(event, context):
                    with open(os.path.join(os.environ["SHARDMILL_LAYERS_ROOT"], "data")) as data:
                        return [first.NAME, second.NAME, third.NAME, fourth.NAME, data.read()]
                """);
        write("code/first.py", "NAME = 'code'");
        String packages = "a/python/lib/" + runtime + "/site-packages/";
        write(packages + "first.py", "NAME = 'site-packages'");
        write(packages + "second/__init__.py", "NAME = 'site-packages'");
        write("a/python/second.py", "NAME = 'a'");
        write("a/python/third.py", "NAME = 'a'");
        write("a/python/fourth.py", "NAME = 'a'");
        write("b/python/fourth.py", "NAME = 'b'");
        write("b/data", "data");
        assertThat(run(runtime, "app.handler"))
                .isEqualTo("[\"code\", \"site-packages\", \"a\", \"b\", \"data\"]");
    }

    @Test
    void a_python_handler_may_be_in_a_layer() throws Exception {
        write("code/app.py", "NAME = 'code'");
        write("a/unused", "");
        write("b/python/wrapper/handler.py", "import app\ndef handler(event, context): return 'wraps ' + app.NAME");
        assertThat(run(InstalledRuntimes.of(Family.PYTHON), "wrapper.handler.handler"))
                .isEqualTo("\"wraps code\"");
    }

    @Test
    void node_requires_packages_of_the_code_then_of_its_own_version_then_of_all() throws Exception {
        LambdaRuntime runtime = InstalledRuntimes.of(Family.NODEJS);
        write("code/index.js", """
                const names = ['first', 'second', 'third'].map((name) => require(name));
                exports.handler = async () => names;
                """);
        write("code/node_modules/first/index.js", "module.exports = 'code';");
        String own = "a/nodejs/node" + runtime.languageVersion() + "/node_modules/";
        write("a/nodejs/node_modules/first/index.js", "module.exports = 'a';");
        write(own + "second/index.js", "module.exports = 'a of this version';");
        write("b/nodejs/node_modules/second/index.js", "module.exports = 'b';");
        write("a/nodejs/node_modules/third/index.js", "module.exports = 'a';");
        write("b/nodejs/node_modules/third/index.js", "module.exports = 'b';");
        assertThat(run(runtime, "index.handler")).isEqualTo("[\"code\",\"a of this version\",\"b\"]");
    }

    @Test
    void an_es_module_gets_a_layers_package_by_require() throws Exception {
        write("code/index.mjs", """
                import { createRequire } from 'node:module';
                const shared = createRequire(import.meta.url)('shared');
                export const handler = async () => shared.name;
                """);
        write("a/nodejs/node_modules/shared/index.js", "exports.name = 'a';");
        write("b/unused", "");
        assertThat(run(InstalledRuntimes.of(Family.NODEJS), "index.handler")).isEqualTo("\"a\"");
    }

    @Test
    void an_es_module_that_imports_a_layers_package_is_told_how_to_get_it() throws Exception {
        write("code/index.mjs", "import 'shared';");
        write("a/nodejs/node_modules/shared/index.js", "exports.name = 'a';");
        write("b/unused", "");
        assertThat(Functions.text(invoke(InstalledRuntimes.of(Family.NODEJS), "index.handler")))
                .contains("load it by createRequire(import.meta.url)('shared')")
                .doesNotContain("npm install");
    }

    @Test
    void a_node_handler_in_a_layer_is_named_as_on_lambda() throws Exception {
        write("code/index.js", "exports.handler = async () => 'code';");
        write("a/unused", "");
        write("b/nodejs/node_modules/wrapper/handler.js", """
                const { handler } = require(process.env.LAMBDA_TASK_ROOT + '/index.js');
                exports.handler = async () => 'wraps ' + (await handler());
                """);
        assertThat(run(InstalledRuntimes.of(Family.NODEJS), "/opt/nodejs/node_modules/wrapper/handler.handler"))
                .isEqualTo("\"wraps code\"");
    }
}
