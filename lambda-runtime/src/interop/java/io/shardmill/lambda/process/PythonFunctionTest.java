package io.shardmill.lambda.process;

import static io.shardmill.lambda.process.ScriptFunctions.error;
import static io.shardmill.lambda.process.ScriptFunctions.invoke;
import static io.shardmill.lambda.process.ScriptFunctions.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.LambdaRuntime.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions written for Lambda's Python runtimes, run by this machine's Python, whichever it is. */
@Timeout(120)
class PythonFunctionTest {

    @TempDir
    private Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void open() throws IOException {
        functions = new ScriptFunctions(folder, InstalledRuntimes.of(Family.PYTHON));
    }

    @AfterEach
    void close() {
        functions.close();
    }

    private ProcessFunction function(String source) throws IOException {
        return function(source, Map.of());
    }

    private ProcessFunction function(String source, Map<String, String> variables) throws IOException {
        return functions.start(functions.code("app.py", source), "app.handler", variables);
    }

    @Test
    void a_handler_gets_events_and_its_module_lives_on_between_them() throws Exception {
        ProcessFunction function = function("""
                count = 0
                def handler(event, context):
                    global count
                    count += 1
                    return {"name": event["name"], "count": count}
                """);
        assertThat(result(function, "{\"name\":\"a\"}")).isEqualTo("{\"name\": \"a\", \"count\": 1}");
        assertThat(result(function, "{\"name\":\"b\"}")).isEqualTo("{\"name\": \"b\", \"count\": 2}");
    }

    @Test
    void a_handler_is_a_function_of_a_file_in_a_folder_which_sees_its_neighbours() throws Exception {
        Path code = functions.code("src/orders/app.py", """
                import shared
                from src.orders import near
                def handler(event, context):
                    return [shared.NAME, near.NAME]
                """);
        functions.add(code, "shared.py", "NAME = 'shared'");
        functions.add(code, "src/orders/near.py", "NAME = 'near'");
        assertThat(result(functions.start(code, "src/orders/app.handler"), "{}")).isEqualTo("[\"shared\", \"near\"]");
        assertThat(result(functions.start(code, "src.orders.app.handler"), "{}")).isEqualTo("[\"shared\", \"near\"]");
    }

    @Test
    void the_context_has_all_that_lambdas_has() throws Exception {
        ProcessFunction function = function("""
                import os
                def handler(event, context):
                    client = context.client_context
                    return {
                        "id": context.aws_request_id,
                        "name": [context.function_name, context.function_version],
                        "arn": context.invoked_function_arn,
                        "memory": context.memory_limit_in_mb,
                        "group": context.log_group_name,
                        "stream": context.log_stream_name == os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
                        "identity": [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id],
                        "client": client and [client.custom, client.env, client.client.app_title, client.client.app_version_name],
                        "remaining": 0 < context.get_remaining_time_in_millis() <= 60000,
                        "trace": os.environ.get("_X_AMZN_TRACE_ID"),
                        "tenant": context.tenant_id,
                    }
                """);
        JsonNode context = JsonMapper.shared()
                .readTree(function.invoke(new InvokeRequest(
                                "request-1",
                                "{}".getBytes(UTF_8),
                                null,
                                new InvokeRequest.Context(
                                        "Root=1-2;Sampled=0",
                                        "{\"custom\":{\"a\":\"é\"},\"env\":{\"e\":\"f\"},\"client\":{\"app_title\":\"t\"}}",
                                        "{\"cognitoIdentityId\":\"me\",\"cognitoIdentityPoolId\":\"pool\"}",
                                        "tenant")))
                        .payload());
        assertThat(context)
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"id":"request-1","name":["f","$LATEST"],"memory":"128","group":"/aws/lambda/f","stream":true,
                         "arn":"arn:aws:lambda:us-east-1:000000000000:function:f","identity":["me","pool"],
                         "client":[{"a":"é"},{"e":"f"},"t",null],"remaining":true,"trace":"Root=1-2;Sampled=0","tenant":"tenant"}
                        """));
        JsonNode plain = JsonMapper.shared().readTree(result(function, "{}"));
        assertThat(plain.get("client").isNull()).isTrue();
        assertThat(plain.get("identity").toString()).isEqualTo("[null,null]");
        assertThat(plain.get("trace").isNull()).isTrue();
    }

    @Test
    void the_root_logger_writes_lambdas_lines() throws Exception {
        String tail = tail(function("""
                import logging
                logging.basicConfig(level=logging.INFO)  # has no effect, as on Lambda
                def handler(event, context):
                    logging.info("not logged")
                    logging.getLogger("orders").warning("late by %d", 3)
                    print("printed")
                """));
        assertThat(tail)
                .containsPattern("\\[WARNING]\t\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t[0-9a-f-]{36}\tlate by 3\n")
                .contains("printed\n")
                .doesNotContain("not logged");
    }

    private static String tail(ProcessFunction function) throws Exception {
        return Functions.tail(invoke(function, "{}"));
    }

    @Test
    void a_log_level_is_the_root_loggers() throws Exception {
        String source = """
                import logging
                def handler(event, context):
                    logging.debug("fine")
                    logging.error("coarse")
                """;
        assertThat(tail(function(source, Map.of("AWS_LAMBDA_LOG_LEVEL", "TRACE"))))
                .contains("[DEBUG]\t", "\tfine\n", "\tcoarse\n");
        assertThat(tail(function(source, Map.of("AWS_LAMBDA_LOG_LEVEL", "FATAL"))))
                .doesNotContain("fine", "coarse");
    }

    @Test
    void json_logs_have_lambdas_members_and_those_of_the_function() throws Exception {
        String tail = tail(function("""
                import logging
                def handler(event, context):
                    logging.info("late by %d", 3, extra={"order": 7})
                    try:
                        1 / 0
                    except ZeroDivisionError:
                        logging.exception("failed")
                    raise KeyError("gone")
                """, Map.of("AWS_LAMBDA_LOG_FORMAT", "JSON")));
        JsonNode[] lines = tail.lines()
                .filter(line -> line.startsWith("{"))
                .map(JsonMapper.shared()::readTree)
                .toArray(JsonNode[]::new);
        assertThat(lines).hasSize(3);
        assertThat(lines[0].get("timestamp").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(lines[0].get("requestId").stringValue()).hasSize(36);
        assertThat(lines[0].toString())
                .contains("\"level\":\"INFO\"", "\"message\":\"late by 3\"", "\"logger\":\"root\"", "\"order\":7")
                .doesNotContain("taskName", "lineno");
        assertThat(lines[1].toString())
                .contains("\"errorType\":\"ZeroDivisionError\"", "\"errorMessage\":\"division by zero\"")
                .contains("\"location\":\"" + folder + "/code-1/app.py:handler:7\"");
        assertThat(lines[2].toString()).contains("\"log_level\":\"ERROR\"", "\"errorType\":\"KeyError\"");
    }

    @Test
    void an_exception_is_lambdas_error_document_and_the_process_goes_on() throws Exception {
        ProcessFunction function = function("""
                import os
                class Late(Exception):
                    pass
                def handler(event, context):
                    if event == "pid":
                        return os.getpid()
                    raise Late("by " + event)
                """);
        String pid = result(function, "\"pid\"");
        JsonNode error = error(function, "\"é\"");
        assertThat(error.propertyNames()).containsExactly("errorMessage", "errorType", "requestId", "stackTrace");
        assertThat(error.get("errorMessage").stringValue()).isEqualTo("by é");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Late");
        assertThat(error.get("requestId").stringValue()).hasSize(36);
        assertThat(error.get("stackTrace")).hasSize(1);
        assertThat(error.get("stackTrace").get(0).stringValue())
                .contains("File \"" + folder + "/code-1/app.py\", line 7, in handler\n    raise Late(\"by \" + event)");
        assertThat(tail(function)).contains("[ERROR] TypeError: ", "Traceback (most recent call last):\n", "line 7, in handler");
        assertThat(result(function, "\"pid\"")).isEqualTo(pid);
    }

    @Test
    void sys_exit_ends_the_process_and_is_the_platforms_error() throws Exception {
        JsonNode error = error(function("""
                import sys
                def handler(event, context):
                    sys.exit(3)
                """), "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.ExitError");
        assertThat(error.get("errorMessage").stringValue()).endsWith("Error: Runtime exited with error: exit status 3");
    }

    @Test
    void bytes_are_sent_as_they_are_and_decimals_as_numbers() throws Exception {
        ProcessFunction function = function("""
                from decimal import Decimal
                def handler(event, context):
                    if event == "bytes":
                        return b"\\x01raw"
                    return [Decimal("1.5"), Decimal("12345678901234567890"), Decimal("NaN"), None, True]
                """);
        assertThat(result(function, "\"bytes\"")).isEqualTo("\u0001raw");
        assertThat(result(function, "{}")).isEqualTo("[1.5, 12345678901234567890, NaN, null, true]");
    }

    @Test
    void a_result_that_is_no_json_is_a_marshal_error_and_so_is_a_coroutine() throws Exception {
        JsonNode error = error(function("async def handler(event, context):\n    return 1\n"), "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.MarshalError");
        assertThat(error.get("errorMessage").stringValue())
                .isEqualTo("Unable to marshal response: Object of type coroutine is not JSON serializable");
        assertThat(error.get("stackTrace")).isEmpty();
    }

    @Test
    void an_event_that_is_no_json_is_an_unmarshal_error() throws Exception {
        JsonNode error = error(function("def handler(event, context): pass"), "");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.UnmarshalError");
        assertThat(error.get("errorMessage").stringValue()).startsWith("Unable to unmarshal input: ");
    }

    @Test
    void what_cannot_be_loaded_is_an_init_error_of_lambdas_types() throws Exception {
        initError("def other(): pass", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'");
        initError("import nowhere", "Runtime.ImportModuleError", "Unable to import module 'app': No module named 'nowhere'");
        initError("def handler(:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': ");
        initError("raise ValueError('at the start')", "ValueError", "at the start");
        Path code = functions.code("sys.py", "def handler(event, context): pass");
        JsonNode error = error(functions.start(code, "sys.handler"), "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.BuiltInModuleConflict");
    }

    @Test
    void what_cannot_be_loaded_is_said_once_with_what_to_do() throws Exception {
        String tail = tail(function("import nowhere"));
        assertThat(tail)
                .containsOnlyOnce("INIT_REPORT")
                .contains("Error Type: Runtime.ImportModuleError")
                .containsPattern("(?m)^\\[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named"
                        + " 'nowhere'; put it into the code or a layer, or its package by '/.* -m pip install --target"
                        + " <folder of the code> <package>'$")
                .doesNotContain("Traceback");
        assertThat(tail(function("def other(): pass")))
                .contains("Handler 'handler' missing on module 'app'; define it there, or name another as the function's handler\n");
    }

    @Test
    void a_syntax_error_is_told_with_its_file_and_line() throws Exception {
        Path code = functions.code("app.py", "import src.near");
        functions.add(code, "src/near.py", "a = 1\n\nb = = 2\n");
        JsonNode error = error(functions.start(code, "app.handler"), "{}");
        assertThat(error.get("errorMessage").stringValue()).endsWith(" (near.py, line 3)");
        assertThat(error.get("stackTrace").get(0).stringValue())
                .startsWith("  File \"" + code + "/src/near.py\" Line 3\n    b = = 2");
    }

    private void initError(String source, String type, String message) throws Exception {
        JsonNode error = error(function(source), "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo(type);
        assertThat(error.get("errorMessage").stringValue()).startsWith(message);
        assertThat(error.get("requestId").stringValue()).isEmpty();
    }

    @Test
    void boto3_is_lambdas_and_its_absence_names_the_command_that_installs_it() throws Exception {
        JsonNode error = error(function("import sys\nsys.modules['boto3'] = None\nimport boto3"), "{}");
        assertThat(error.get("errorMessage").stringValue())
                .startsWith("Unable to import module 'app': ")
                .containsPattern("; Lambda brings boto3 along, this Python does not: run '/.*python.* -m pip install boto3', or put it"
                        + " into the code by '/.* -m pip install boto3 --target <folder of the code>'");
    }

    @Test
    void a_native_module_of_another_platform_fails_by_its_name() throws Exception {
        Path code = functions.code("app.py", "import fast.core");
        functions.add(code, "fast/__init__.py", "");
        functions.add(code, "fast/core.cpython-35m-s390x-linux-gnu.so", "");
        assertThat(error(functions.start(code, "app.handler"), "{}").get("errorMessage").stringValue())
                .startsWith("Unable to import module 'app': No module named 'fast.core'; " + code
                        + "/fast/core.cpython-35m-s390x-linux-gnu.so was built for another system: ");
        functions.add(code, "fast/core.abi3.so", "not ELF");
        assertThat(error(functions.start(code, "app.handler"), "{}").get("errorMessage").stringValue())
                .contains("/fast/core.abi3.so was built for another system: ");
    }

    @Test
    void nothing_is_written_beside_the_code() throws Exception {
        Path code = functions.code("app.py", "import near\ndef handler(event, context): pass");
        functions.add(code, "near.py", "");
        assertThat(result(functions.start(code, "app.handler"), "{}")).isEqualTo("null");
        assertThat(code).isDirectoryNotContaining("glob:**__pycache__");
    }
}
