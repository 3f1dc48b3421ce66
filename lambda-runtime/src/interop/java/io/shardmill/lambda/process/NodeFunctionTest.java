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

/** Functions written for Lambda's Node.js runtimes, run by this machine's Node.js, whichever it is. */
@Timeout(120)
class NodeFunctionTest {

    @TempDir
    private Path folder;

    private ScriptFunctions functions;

    /** The first of Lambda's runtimes that takes no callbacks. */
    private boolean takesCallbacks;

    @BeforeEach
    void open() throws IOException {
        functions = new ScriptFunctions(folder, InstalledRuntimes.of(Family.NODEJS));
        takesCallbacks = Integer.parseInt(functions.runtime().languageVersion()) < 24;
    }

    @AfterEach
    void close() {
        functions.close();
    }

    private ProcessFunction function(String source) throws IOException {
        return function(source, Map.of());
    }

    private ProcessFunction function(String source, Map<String, String> variables) throws IOException {
        return functions.start(functions.code("index.mjs", source), "index.handler", variables);
    }

    private static String tail(ProcessFunction function) throws Exception {
        return Functions.tail(invoke(function, "{}"));
    }

    @Test
    void an_es_module_may_await_at_its_top_and_lives_on_between_events() throws Exception {
        ProcessFunction function = function("""
                let count = await new Promise((resolve) => setTimeout(() => resolve(10), 5));
                export const handler = async (event) => ({ name: event.name, count: ++count });
                """);
        assertThat(result(function, "{\"name\":\"é\"}")).isEqualTo("{\"name\":\"é\",\"count\":11}");
        assertThat(result(function, "{\"name\":\"b\"}")).isEqualTo("{\"name\":\"b\",\"count\":12}");
    }

    @Test
    void a_module_is_what_its_ending_or_the_nearest_package_says() throws Exception {
        Path commons = functions.code("index.js", "exports.handler = async () => require('./near').name;");
        functions.add(commons, "near.js", "exports.name = 'commonjs';");
        assertThat(result(functions.start(commons, "index.handler"), "{}")).isEqualTo("\"commonjs\"");

        Path module = functions.code("src/index.js", "import { name } from './near.js'; export const handler = async () => name;");
        functions.add(module, "src/near.js", "export const name = 'module';");
        functions.add(module, "package.json", "{\"type\":\"module\"}");
        functions.add(module, "src/old.cjs", "exports.api = { handler: async () => typeof require };");
        assertThat(result(functions.start(module, "src/index.handler"), "{}")).isEqualTo("\"module\"");
        assertThat(result(functions.start(module, "src/old.api.handler"), "{}")).isEqualTo("\"function\"");
    }

    @Test
    void the_context_has_all_that_lambdas_has() throws Exception {
        ProcessFunction function = function("""
                export const handler = async (event, context) => ({
                  id: context.awsRequestId,
                  name: [context.functionName, context.functionVersion],
                  arn: context.invokedFunctionArn,
                  memory: context.memoryLimitInMB,
                  group: context.logGroupName,
                  stream: context.logStreamName === process.env.AWS_LAMBDA_LOG_STREAM_NAME,
                  identity: context.identity,
                  client: context.clientContext,
                  remaining: context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 60000,
                  trace: process.env._X_AMZN_TRACE_ID,
                  tenant: context.tenantId,
                });
                """);
        byte[] context = function.invoke(new InvokeRequest(
                        "request-1",
                        "{}".getBytes(UTF_8),
                        null,
                        new InvokeRequest.Context(
                                "Root=1-2;Sampled=0",
                                "{\"custom\":{\"a\":\"é\"}}",
                                "{\"cognitoIdentityId\":\"me\",\"cognitoIdentityPoolId\":\"pool\"}",
                                "tenant")))
                .payload();
        assertThat(JsonMapper.shared().readTree(context))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"id":"request-1","name":["f","$LATEST"],"arn":"arn:aws:lambda:us-east-1:000000000000:function:f",
                         "memory":"128","group":"/aws/lambda/f","stream":true,
                         "identity":{"cognitoIdentityId":"me","cognitoIdentityPoolId":"pool"},
                         "client":{"custom":{"a":"é"}},"remaining":true,"trace":"Root=1-2;Sampled=0","tenant":"tenant"}
                        """));
        assertThat(result(function, "{}")).doesNotContain("identity", "client", "trace", "tenant");
    }

    @Test
    void a_callback_answers_when_nothing_is_left_to_happen_unless_that_is_not_waited_for() throws Exception {
        ProcessFunction function = function("""
                let late = 0;
                export const handler = (event, context, callback) => {
                  context.callbackWaitsForEmptyEventLoop = event.wait;
                  const before = late;
                  const answer = { before, toString: () => before };
                  const timer = setTimeout(() => { late++; answer.after = late; }, 50);
                  if (!event.wait) timer.unref();
                  callback(null, answer);
                  callback(new Error('only the first one counts'));
                };
                """);
        if (!takesCallbacks) {
            JsonNode error = error(function, "{\"wait\":true}");
            assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.CallbackHandlerDeprecated");
            return;
        }
        assertThat(result(function, "{\"wait\":true}")).isEqualTo("{\"before\":0,\"after\":1}");
        assertThat(result(function, "{\"wait\":false}")).isEqualTo("{\"before\":1}");
    }

    @Test
    void a_handler_that_is_not_async_answers_null_before_node_24_and_its_value_since() throws Exception {
        assertThat(result(function("export const handler = () => 'value';"), "{}"))
                .isEqualTo(takesCallbacks ? "null" : "\"value\"");
    }

    @Test
    void a_promise_answers_at_once_whatever_is_left_and_timers_go_on_between_invocations() throws Exception {
        ProcessFunction function = function("""
                let ticks = 0;
                let timer;
                export const handler = async (event) => {
                  timer ??= setInterval(() => ticks++, 1);
                  const before = ticks;
                  while (event === 'later' && ticks === before) await new Promise((resolve) => setTimeout(resolve, 1));
                  return event === 'later' ? ticks > before : ticks;
                };
                """);
        assertThat(result(function, "\"first\"")).isEqualTo("0");
        assertThat(result(function, "\"later\"")).isEqualTo("true");
    }

    @Test
    void an_async_handler_that_never_settles_is_an_error_when_nothing_is_left_to_happen() throws Exception {
        ProcessFunction function = function("export const handler = async (event) => event === 1 ? 1 : new Promise(() => {});");
        assertThat(error(function, "{}").get("errorType").stringValue()).isEqualTo("Runtime.NodeJsExit");
        assertThat(result(function, "1")).isEqualTo("1");
    }

    @Test
    void an_error_is_lambdas_error_document_and_the_process_goes_on() throws Exception {
        ProcessFunction function = function("""
                class Late extends Error {
                  constructor(message) { super(message); this.name = 'Late'; this.order = 7; }
                }
                export const handler = async (event) => {
                  if (event === 'pid') return process.pid;
                  if (event === 'text') throw 'just text';
                  throw new Late('by é');
                };
                """);
        String pid = result(function, "\"pid\"");
        JsonNode error = error(function, "{}");
        assertThat(error.propertyNames()).containsExactly("errorType", "errorMessage", "trace");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Late");
        assertThat(error.get("errorMessage").stringValue()).isEqualTo("by é");
        assertThat(error.get("trace").get(0).stringValue()).isEqualTo("Late: by é");
        assertThat(error.get("trace").get(1).stringValue()).contains("index.mjs:7:");
        assertThat(error(function, "\"text\"").toString())
                .isEqualTo("{\"errorType\":\"string\",\"errorMessage\":\"just text\",\"trace\":[]}");
        assertThat(tail(function))
                .containsPattern("\\d{3}Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\\{\"errorType\":\"Late\",\"errorMessage\":\"by é\",\"name\":\"Late\",\"order\":7,");
        assertThat(result(function, "\"pid\"")).isEqualTo(pid);
    }

    @Test
    void an_unhandled_rejection_or_exception_is_the_invocations_error_and_ends_the_process() throws Exception {
        ProcessFunction function = function("""
                let count = 0;
                export const handler = async (event) => {
                  count++;
                  if (event === 'rejection') { Promise.reject(new Error('nobody')); await new Promise((r) => setTimeout(r, 1000)); }
                  if (event === 'exception') { setImmediate(() => { throw new TypeError('thrown'); }); await new Promise((r) => setTimeout(r, 1000)); }
                  return count;
                };
                """);
        assertThat(result(function, "{}")).isEqualTo("1");
        JsonNode rejection = error(function, "\"rejection\"");
        assertThat(rejection.get("errorType").stringValue()).isEqualTo("Runtime.UnhandledPromiseRejection");
        assertThat(rejection.get("errorMessage").stringValue()).isEqualTo("Error: nobody");
        assertThat(result(function, "{}")).isEqualTo("1");
        assertThat(error(function, "\"exception\"").get("errorType").stringValue()).isEqualTo("TypeError");
        assertThat(result(function, "{}")).isEqualTo("1");
    }

    @Test
    void what_is_no_json_is_an_error_either_way() throws Exception {
        ProcessFunction function = function("export const handler = async () => 1n;");
        assertThat(error(function, "{}").get("errorMessage").stringValue()).isEqualTo("Unable to stringify response body");
        assertThat(error(function, "").get("errorType").stringValue()).isEqualTo("SyntaxError");
    }

    @Test
    void what_cannot_be_loaded_is_an_init_error_of_lambdas_types() throws Exception {
        initError("export const other = 1;", "Runtime.HandlerNotFound", "index.handler is undefined or not exported");
        initError("export const handler = 1;", "Runtime.HandlerNotFound", "index.handler is not a function");
        initError("export const handler = (;", "Runtime.UserCodeSyntaxError", "SyntaxError: ");
        initError("throw new RangeError('at the start');", "RangeError", "at the start");
        Path code = functions.code("index.js", "require('nowhere');");
        JsonNode error = error(functions.start(code, "index.handler"), "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.ImportModuleError");
        assertThat(error.get("errorMessage").stringValue()).startsWith("Error: Cannot find module 'nowhere'");
        initError(
                "export const handler = awslambda.streamifyResponse(async () => {});",
                "Runtime.MalformedStreamingHandler",
                "Response streaming is not supported here: return the response.");
    }

    @Test
    void a_syntax_error_is_told_with_its_file_and_line() throws Exception {
        Path commons = functions.code("index.js", "\nexports.handler = ;");
        syntaxError(functions.start(commons, "index.handler"), "SyntaxError: Unexpected token ';' (index.js:2)", commons + "/index.js:2");

        Path module = functions.code("index.mjs", "import './src/near.mjs';\nthrow new Error('nothing is run');");
        functions.add(module, "src/near.mjs", "const a = 1;\n\nconst b = ;\n");
        syntaxError(
                functions.start(module, "index.handler"),
                "SyntaxError: Unexpected token ';' (src/near.mjs:3)",
                "file://" + module + "/src/near.mjs:3");

        Path missing = functions.code("index.mjs", "\nimport { nothing } from './near.mjs';");
        functions.add(missing, "near.mjs", "export const a = 1;");
        assertThat(error(functions.start(missing, "index.handler"), "{}")
                        .get("errorMessage")
                        .stringValue())
                .endsWith(" does not provide an export named 'nothing' (index.mjs:2)");

        Path parsed = functions.code("index.mjs", "\n\nJSON.parse('{');");
        assertThat(error(functions.start(parsed, "index.handler"), "{}")
                        .get("errorMessage")
                        .stringValue())
                .endsWith(" (index.mjs:3)");

        Path json = functions.code("index.js", "\nrequire('./settings.json');");
        functions.add(json, "settings.json", "{");
        assertThat(error(functions.start(json, "index.handler"), "{}")
                        .get("errorMessage")
                        .stringValue())
                .contains("settings.json: ")
                .endsWith(" (index.js:2)");
    }

    private static void syntaxError(ProcessFunction function, String message, String place) throws Exception {
        JsonNode error = error(function, "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo("Runtime.UserCodeSyntaxError");
        assertThat(error.get("errorMessage").stringValue()).isEqualTo(message);
        assertThat(error.get("trace").get(0).stringValue()).isEqualTo("Runtime.UserCodeSyntaxError: " + message);
        assertThat(error.get("trace").get(1).stringValue()).isEqualTo(place);
        assertThat(error.get("trace").get(2).stringValue()).contains("= ;");
    }

    @Test
    void what_cannot_be_loaded_is_said_once_with_what_to_do() throws Exception {
        Path code = functions.code("index.js", "require('nowhere/deep');");
        String tail = Functions.tail(invoke(functions.start(code, "index.handler"), "{}"));
        assertThat(tail)
                .containsOnlyOnce("INIT_REPORT")
                .containsOnlyOnce("\"errorMessage\":\"Error: Cannot find module 'nowhere/deep'")
                .contains("\\nPut it into the code: run 'npm install nowhere' in its folder, and deploy it\"")
                .doesNotContain("runtime-client");
        JsonNode module = error(function("import x from '@any/where/deep.js';"), "{}");
        assertThat(module.get("errorType").stringValue()).isEqualTo("Runtime.ImportModuleError");
        assertThat(module.get("errorMessage").stringValue())
                .startsWith("Cannot find package '@any/where' imported from ")
                .endsWith("\nPut it into the code: run 'npm install @any/where' in its folder, and deploy it");
        assertThat(error(function("import './gone.mjs';"), "{}").get("errorMessage").stringValue())
                .startsWith("Cannot find module '/")
                .doesNotContain("npm install");
    }

    private void initError(String source, String type, String message) throws Exception {
        JsonNode error = error(function(source), "{}");
        assertThat(error.get("errorType").stringValue()).isEqualTo(type);
        assertThat(error.get("errorMessage").stringValue()).startsWith(message);
    }

    @Test
    void the_sdk_is_lambdas_and_its_absence_names_the_command_that_installs_it() throws Exception {
        String advice = "\nLambda brings @aws-sdk/client-kinesis along, this Node.js does not: run 'npm install"
                + " @aws-sdk/client-kinesis' in the folder of the code, and deploy it";
        assertThat(error(function("import '@aws-sdk/client-kinesis';"), "{}")
                        .get("errorMessage")
                        .stringValue())
                .startsWith("Cannot find package '@aws-sdk/client-kinesis'")
                .endsWith(advice);
        Path commons = functions.code("index.js", "require('@aws-sdk/client-kinesis/dist-cjs/index.js');");
        assertThat(error(functions.start(commons, "index.handler"), "{}")
                        .get("errorMessage")
                        .stringValue())
                .startsWith("Error: Cannot find module '@aws-sdk/client-kinesis/")
                .endsWith(advice);
    }

    @Test
    void a_native_module_of_another_platform_fails_by_its_name() throws Exception {
        Path code = functions.code("index.js", "require('./fast.node');");
        functions.add(code, "fast.node", "not ELF");
        assertThat(error(functions.start(code, "index.handler"), "{}")
                        .get("errorMessage")
                        .stringValue())
                .contains(code + "/fast.node")
                .contains("\nIt was built for another system: run 'npm ci' in the folder of the code on one with Node.js ");
    }

    @Test
    void the_console_writes_lambdas_lines() throws Exception {
        String source = """
                export const handler = async () => {
                  console.log('late by %d', 3);
                  console.debug({ order: 7 });
                  console.error('failed');
                  process.stdout.write('raw\\n');
                };
                """;
        assertThat(tail(function(source)))
                .containsPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t[0-9a-f-]{36}\tINFO\tlate by 3\n")
                .contains("\tDEBUG\t{ order: 7 }\n", "\tERROR\tfailed\n", "\nraw\n");
        assertThat(tail(function(source, Map.of("AWS_LAMBDA_LOG_LEVEL", "WARN"))))
                .doesNotContain("late", "order")
                .contains("\tERROR\tfailed\n");
    }

    @Test
    void json_logs_have_lambdas_members() throws Exception {
        String tail = tail(function("""
                export const handler = async () => {
                  console.info({ order: 7 });
                  console.debug('not by default');
                  console.warn('late by', 3, new RangeError('too far'));
                  throw new TypeError('gone');
                };
                """, Map.of("AWS_LAMBDA_LOG_FORMAT", "JSON")));
        JsonNode[] lines = tail.lines()
                .filter(line -> line.startsWith("{"))
                .map(JsonMapper.shared()::readTree)
                .toArray(JsonNode[]::new);
        assertThat(lines).hasSize(3);
        assertThat(lines[0].get("requestId").stringValue()).hasSize(36);
        assertThat(lines[0].toString()).contains("\"level\":\"INFO\"", "\"message\":{\"order\":7}");
        assertThat(lines[1].toString())
                .contains("\"level\":\"WARN\"", "\"errorType\":\"RangeError\"", "\"errorMessage\":\"too far\"", "\"message\":\"late by 3 ");
        assertThat(lines[2].get("message").get("errorType").stringValue()).isEqualTo("TypeError");
    }
}
