package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.LambdaRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions of source files, in one of the installed runtimes. */
final class ScriptFunctions implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Functions functions;
    private final LambdaRuntime runtime;

    ScriptFunctions(Path folder, LambdaRuntime runtime) {
        this.functions = new Functions(folder);
        this.runtime = runtime;
    }

    LambdaRuntime runtime() {
        return runtime;
    }

    /** Writes a file's source into a new folder. */
    Path code(String file, String source) throws IOException {
        return add(functions.newFolder(), file, source);
    }

    Path add(Path code, String file, String source) throws IOException {
        Path path = code.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, source);
        return code;
    }

    ProcessFunction start(Path code, String handler, Map<String, String> variables) {
        // A loaded machine may take longer to start an interpreter than Lambda's 10 s.
        return functions.start(
                Functions.revision(runtime.toString(), handler, code, LONG, variables),
                new EnvironmentLimits(10, LONG, LONG));
    }

    ProcessFunction start(Path code, String handler) {
        return start(code, handler, Map.of());
    }

    static InvokeResponse invoke(ProcessFunction function, String event) throws Exception {
        return function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
    }

    /** Returns what it answers with, which is no error. */
    static String result(ProcessFunction function, String event) throws Exception {
        InvokeResponse response = invoke(function, event);
        assertThat(response.functionError()).as(Functions.text(response)).isNull();
        return Functions.text(response);
    }

    /** Returns the error document that it answers with. */
    static JsonNode error(ProcessFunction function, String event) throws Exception {
        InvokeResponse response = invoke(function, event);
        assertThat(response.functionError()).as(Functions.text(response)).isEqualTo("Unhandled");
        return JsonMapper.shared().readTree(response.payload());
    }

    @Override
    public void close() {
        functions.close();
    }
}
