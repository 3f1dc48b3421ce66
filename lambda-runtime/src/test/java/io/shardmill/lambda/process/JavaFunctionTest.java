package io.shardmill.lambda.process;

import static io.shardmill.lambda.process.Functions.tail;
import static io.shardmill.lambda.process.Functions.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions written for Lambda's Java runtime, run by AWS's own client; compiled against AWS's libraries alone. */
@Timeout(120)
class JavaFunctionTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String MULTI = "ex.Handlers$Multi";

    @TempDir
    static Path folder;

    private static Functions functions;
    private static Path code;
    private static ProcessFunction multi;

    @BeforeAll
    static void deploy() throws IOException {
        functions = new Functions(folder);
        code = functions.newFolder();
        HandlerJar.compile(ExampleHandlers.CLASS, ExampleHandlers.SOURCE, code);
        HandlerJar.copyToLib(KinesisEvent.class, code);
        HandlerJar.copyToLib(HandlerJar.joda(), code);
        HandlerJar.copyToLib(JsonProperty.class, code);
        multi = start(MULTI, LONG, Map.of());
    }

    @AfterAll
    static void close() {
        functions.close();
    }

    private static ProcessFunction start(String handler, Duration timeout, Map<String, String> variables) {
        // A loaded machine may take longer to start a JVM than Lambda's 10 s.
        return functions.start(
                Functions.revision("java17", handler, code, timeout, variables), new EnvironmentLimits(10, LONG, LONG));
    }

    private static InvokeResponse invoke(ProcessFunction function, String event) throws Exception {
        return function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
    }

    private static String result(ProcessFunction function, String what) throws Exception {
        InvokeResponse response = invoke(function, "{\"do\":\"" + what + "\"}");
        assertThat(response.functionError()).as(text(response)).isNull();
        return text(response);
    }

    @Test
    void case_r7_a_result_that_is_too_large_costs_the_environment() throws Exception {
        String before = result(multi, "pid");
        InvokeResponse tooLarge = invoke(multi, "{\"do\":\"big\"}");
        assertThat(tooLarge.functionError()).isEqualTo("Unhandled");
        assertThat(text(tooLarge)).contains("Function.ResponseSizeTooLarge");
        assertThat(result(multi, "pid")).isNotEqualTo(before);
    }

    @Test
    void case_r11_a_stack_overflow_with_its_large_header_is_reported_and_the_next_invocation_is_cold()
            throws Exception {
        String before = result(multi, "pid");
        InvokeResponse overflow = invoke(multi, "{\"do\":\"overflow\"}");
        assertThat(overflow.functionError()).isEqualTo("Unhandled");
        assertThat(text(overflow))
                .contains("\"errorType\":\"java.lang.StackOverflowError\"", "ex.Handlers$Multi.overflow");
        assertThat(result(multi, "pid")).isNotEqualTo(before);
    }

    @Test
    void memory_is_the_heap_and_running_out_of_it_is_the_functions_error() throws Exception {
        assertThat(Integer.parseInt(result(multi, "heap"))).isBetween(110, 128);
        assertThat(text(invoke(multi, "{\"do\":\"memory\"}"))).contains("\"errorType\":\"java.lang.OutOfMemoryError\"");
        assertThat(result(multi, "count")).isEqualTo("1");
    }

    @Test
    void an_exception_is_the_functions_error_and_the_process_goes_on_but_an_exit_ends_it() throws Exception {
        String before = result(multi, "pid");
        InvokeResponse thrown = invoke(multi, "{\"do\":\"throw\"}");
        assertThat(thrown.functionError()).isEqualTo("Unhandled");
        assertThat(text(thrown))
                .startsWith(
                        "{\"errorMessage\":\"thrown é\",\"errorType\":\"java.lang.IllegalStateException\",\"stackTrace\":[");
        assertThat(result(multi, "pid")).isEqualTo(before);
        assertThat(text(invoke(multi, "{\"do\":\"exit\"}"))).contains("Runtime.ExitError", "exit status 7");
        assertThat(result(multi, "pid")).isNotEqualTo(before);
    }

    @Test
    void case_r12_a_constructor_that_throws_is_run_twice_and_its_own_words_are_the_error() throws Exception {
        InvokeResponse response = invoke(start("ex.Handlers$Broken", LONG, Map.of()), "{}");
        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(text(response))
                .isEqualTo("{\"errorMessage\":\"ctor boom\",\"errorType\":\"java.lang.IllegalArgumentException\"}");
        assertThat(tail(response).split("constructed\n", -1))
                .as("two constructions")
                .hasSize(3);
    }

    @Test
    void case_r13_a_class_that_is_not_there_is_an_error_of_each_invocation_in_one_process() throws Exception {
        ProcessFunction nope = start("ex.Nope", LONG, Map.of());
        String error =
                "{\"errorMessage\":\"Class not found: ex.Nope\",\"errorType\":\"java.lang.ClassNotFoundException\"}";
        assertThat(text(invoke(nope, "{}"))).isEqualTo(error);
        Set<Long> first = processesOf("ex.Nope");
        assertThat(text(invoke(nope, "{}"))).isEqualTo(error);
        assertThat(processesOf("ex.Nope")).isEqualTo(first).hasSize(1);
    }

    private static Set<Long> processesOf(String handler) {
        Set<Long> pids = new HashSet<>();
        ProcessHandle.current()
                .children()
                .filter(child ->
                        List.of(child.info().arguments().orElse(new String[0])).contains(handler))
                .forEach(child -> pids.add(child.pid()));
        return pids;
    }

    @Test
    void case_r17_after_a_timeout_memory_is_new_and_temporary_files_are_kept() throws Exception {
        ProcessFunction function = start(MULTI, Duration.ofSeconds(5), Map.of());
        assertThat(result(function, "count")).isEqualTo("1");
        assertThat(result(function, "count")).isEqualTo("2");
        assertThat(text(invoke(function, "{\"do\":\"hang\"}")))
                .contains("Sandbox.Timedout", "timed out after 5.00 seconds");
        assertThat(result(function, "count")).isEqualTo("1");
        JsonNode properties = JsonMapper.shared().readTree(result(function, "properties"));
        assertThat(Path.of(properties.get("tmp").stringValue(), "kept")).exists();
    }

    @Test
    void case_r20_the_environment_is_the_functions_own_and_nothing_else() throws Exception {
        ProcessFunction function =
                start(MULTI, LONG, Map.of("AWS_REGION", "eu-central-1", "MINE", "m=ine\n2", "PATH", "/usr/bin"));
        Map<String, String> environment = new HashMap<>();
        JsonMapper.shared()
                .readTree(result(function, "env"))
                .forEachEntry((name, value) -> environment.put(name, value.stringValue()));
        assertThat(environment.remove("AWS_LAMBDA_RUNTIME_API")).matches("127\\.0\\.0\\.1:[0-9]+");
        assertThat(environment.remove("AWS_LAMBDA_LOG_STREAM_NAME"))
                .matches("[0-9]{4}/[0-9]{2}/[0-9]{2}/\\[\\$LATEST][0-9a-f]{32}");
        String temporary = environment.remove("TMPDIR");
        assertThat(Path.of(temporary)).isDirectory().startsWith(folder);
        Map<String, String> expected = new HashMap<>(Map.of(
                "_HANDLER", MULTI,
                "AWS_REGION", "eu-central-1",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_EXECUTION_ENV", "AWS_Lambda_java17",
                "AWS_LAMBDA_FUNCTION_NAME", "f",
                "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128",
                "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/f",
                "TZ", ":UTC"));
        expected.putAll(Map.of(
                "LAMBDA_TASK_ROOT", code.toString(),
                "LAMBDA_RUNTIME_DIR", functions.resources().clientFolder().toString(),
                "LANG", "C.UTF-8",
                "PATH", "/usr/bin",
                "LD_LIBRARY_PATH", code + ":" + code + "/lib:/opt/lib",
                "AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR",
                "AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000",
                "_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1",
                "_AWS_XRAY_DAEMON_PORT", "2000",
                "MINE", "m=ine\n2"));
        assertThat(environment).isEqualTo(expected);

        JsonNode properties = JsonMapper.shared().readTree(result(function, "properties"));
        assertThat(properties.get("tmp").stringValue()).isEqualTo(temporary);
        assertThat(properties.get("cwd").stringValue()).isEqualTo(code.toString());
        assertThat(properties.get("charset").stringValue()).isEqualTo("UTF-8");
    }

    @Test
    void case_r20_the_context_is_complete() throws Exception {
        InvokeRequest request = new InvokeRequest(
                "request-1",
                "{\"do\":\"context\"}".getBytes(UTF_8),
                null,
                new InvokeRequest.Context(
                        null,
                        "{\"custom\":{\"a\":\"b\"}}",
                        "{\"cognitoIdentityId\":\"me\",\"cognitoIdentityPoolId\":\"p\"}",
                        null));
        JsonNode context = JsonMapper.shared().readTree(multi.invoke(request).payload());
        assertThat(context.get("remaining").intValue()).isBetween(1, 60_000);
        assertThat(context.toString())
                .startsWith(
                        "{\"arn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\",\"client\":{\"a\":\"b\"},"
                                + "\"group\":\"/aws/lambda/f\",\"id\":\"request-1\",\"identity\":\"me\",\"memory\":128,\"name\":\"f\",")
                .endsWith(",\"version\":\"$LATEST\"}");
    }

    @Test
    void case_r21_a_kinesis_event_arrives_with_its_dates_and_bytes_from_lib_and_from_an_exploded_jar()
            throws Exception {
        String event = """
                {"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"1","sequenceNumber":"4959033",
                "data":"SGVsbG8=","approximateArrivalTimestamp":1545084650.987},"eventSource":"aws:kinesis"}]}""";
        String expected = "{\"batchItemFailures\":[{\"itemIdentifier\":\"4959033|Hello|1545084650987\"}]}";
        assertThat(text(invoke(start("ex.Handlers$Kinesis", LONG, Map.of()), event)))
                .isEqualTo(expected);

        Path exploded = functions.newFolder();
        HandlerJar.compile(ExampleHandlers.CLASS, ExampleHandlers.SOURCE, exploded);
        HandlerJar.explode(KinesisEvent.class, exploded);
        HandlerJar.explode(HandlerJar.joda(), exploded);
        HandlerJar.explode(com.amazonaws.services.lambda.runtime.Context.class, exploded);
        ProcessFunction fat = functions.start(
                Functions.revision("java17", "ex.Handlers$Kinesis::handleRequest", exploded, LONG, Map.of()));
        assertThat(text(invoke(fat, event))).isEqualTo(expected);
    }

    @Test
    void case_r22_methods_are_chosen_as_lambda_does() throws Exception {
        assertThat(shape("twice", "\"x\"")).isEqualTo("\"long x\"");
        assertThat(shape("still", "\"x\"")).isEqualTo("\"static x\"");
        assertThat(shape("nothing", "1")).isEqualTo("null");
        assertThat(shape("stream", "any bytes")).isEqualTo("<any bytes>");
        assertThat(shape("named", "{\"plain\":\"a\",\"renamed\":\"b\"}"))
                .as("the annotations of the function's own Jackson are not looked at")
                .isEqualTo("{\"plain\":\"a\"}");
    }

    private static String shape(String method, String event) throws Exception {
        try (ProcessFunction function = start("ex.Handlers$Shapes::" + method, LONG, Map.of())) {
            return text(invoke(function, event));
        }
    }

    @Test
    void case_r23_eight_that_start_at_once_do_not_harm_each_other() throws Exception {
        Path shared = Path.of("/tmp/.libaws-lambda-jni.so");
        boolean existed = Files.exists(shared);
        Path meeting = Files.createDirectory(folder.resolve("meeting"));
        ProcessFunction function = start(MULTI, LONG, Map.of());
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<InvokeResponse>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(callers.submit(
                    () -> invoke(function, "{\"do\":\"meet\",\"of\":8,\"folder\":\"" + meeting + "\"}")));
        }
        Set<String> pids = new HashSet<>();
        for (Future<InvokeResponse> each : all) {
            pids.add(text(each.get()));
        }
        callers.shutdown();
        assertThat(pids).hasSize(8).allMatch(pid -> pid.matches("[0-9]+"));
        assertThat(Files.exists(shared)).isEqualTo(existed);
        function.close();
    }

    @Test
    void case_r24_what_is_printed_is_in_the_log_between_start_and_end() throws Exception {
        result(multi, "count");
        InvokeResponse response = invoke(multi, "{\"do\":\"log\",\"text\":\"without a line end\"}");
        assertThat(tail(response))
                .matches("START RequestId: [0-9a-f-]{36} Version: \\$LATEST\n"
                        + "printed\nerror printed\n\\[DEBUG] debugged\n\\[WARN] warned\nlogged without a line end\n"
                        + "END RequestId: [0-9a-f-]{36}\n"
                        + "REPORT RequestId: [0-9a-f-]{36}\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\t"
                        + "Memory Size: 128 MB\tMax Memory Used: [1-9][0-9]* MB\t\n");
    }

    @Test
    void case_r24_the_tail_is_the_last_4096_bytes() throws Exception {
        InvokeResponse response = invoke(multi, "{\"do\":\"log\",\"text\":\"" + "y".repeat(100_000) + "\"}");
        assertThat(response.logTail()).hasSize(4_096);
        assertThat(tail(response))
                .startsWith("yyyy")
                .contains("yyyy\nEND RequestId: ")
                .endsWith(" MB\t\n");
    }

    @Test
    void case_r24_json_and_a_level_as_lambda_does_them() throws Exception {
        ProcessFunction function =
                start(MULTI, LONG, Map.of("AWS_LAMBDA_LOG_FORMAT", "JSON", "AWS_LAMBDA_LOG_LEVEL", "WARN"));
        InvokeResponse response = invoke(function, "{\"do\":\"log\",\"text\":\"it\"}");
        assertThat(tail(response))
                .contains("printed\n", "\"message\":\"warned\\n\",\"level\":\"WARN\",\"AWSRequestId\":\"")
                .contains("\"message\":\"logged it\",\"level\":\"UNDEFINED\"", "\tInit Duration: ")
                .doesNotContain("debugged");
    }
}
