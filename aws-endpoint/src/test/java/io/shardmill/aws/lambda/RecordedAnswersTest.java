package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Lambda answers to requests as it was recorded from AWS, operation by operation. */
@Timeout(60)
class RecordedAnswersTest {

    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
    private static final String INVALID = "InvalidParameterValueException";

    @TempDir
    Path folder;

    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, new FakeHost());
        assertThat(createFunction("f", "arn:aws:iam::000000000000:role/r").statusCode())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> createFunction(String name, String role) {
        return send(
                "POST",
                FUNCTIONS,
                "'FunctionName':'" + name + "','Role':'" + role + "','Runtime':'java17','Handler':'com.acme.Handler',"
                        + "'Code':{'ZipFile':'"
                        + Base64.getEncoder().encodeToString(FakeHost.code("one")) + "'}");
    }

    /** Sends members, in which apostrophes stand for quotation marks. */
    private HttpResponse<String> send(String method, String path, String members) {
        return server.send(method, path, members.isEmpty() ? "" : "{" + members.replace('\'', '"') + "}");
    }

    private static void refused(HttpResponse<String> response, int status, String code, String message) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue(code);
        JsonNode body = JsonMapper.shared().readTree(response.body());
        assertThat(body.path(body.has("Message") ? "Message" : "message").asString())
                .isEqualTo(message);
    }

    private static String tags(String arn) {
        return "/2017-03-31/tags/" + URLEncoder.encode(arn, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {FUNCTION + ":$LATEST", FUNCTION + ":1"})
    void TagResource_is_for_functions_only(String arn) {
        refused(
                send("POST", tags(arn), "'Tags':{'a':'b'}"),
                400,
                INVALID,
                "Tags on function aliases and versions are not supported. Please specify a function ARN.");
    }

    @Test
    void TagResource_takes_no_empty_map() {
        refused(
                send("POST", tags(FUNCTION), "'Tags':{}"),
                400,
                INVALID,
                "An error occurred and the request cannot be processed.");
    }

    @Test
    void UntagResource_needs_keys() {
        refused(
                send("DELETE", tags(FUNCTION), ""),
                400,
                "ValidationException",
                "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be"
                        + " null");
    }

    @Test
    void TagResource_takes_50_tags_at_most() {
        String tags = IntStream.range(0, 51).mapToObj(i -> "'" + i + "':''").collect(Collectors.joining(","));

        refused(
                send("POST", tags(FUNCTION), "'Tags':{" + tags + "}"),
                400,
                INVALID,
                "Number of tags exceeds resource tag limit.");
    }

    @Test
    void PutFunctionConcurrency_is_for_functions_only_and_changes_nothing_otherwise() {
        refused(
                send("PUT", "/2017-10-31/functions/f:1/concurrency", "'ReservedConcurrentExecutions':7"),
                400,
                INVALID,
                "This operation is permitted on Lambda functions only. Aliases and versions do not support this"
                        + " operation. Please specify either a function name or an unqualified function ARN.");

        assertThat(send("GET", "/2019-09-30/functions/f/concurrency", "").body())
                .isEqualTo("{}");
    }

    @Test
    void CreateFunction_needs_the_ARN_of_a_role() {
        refused(
                createFunction("g", "r1"),
                400,
                "ValidationException",
                "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy"
                        + " regular expression pattern:"
                        + " arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS_REGION",
                "AWS_DEFAULT_REGION",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_LAMBDA_FUNCTION_NAME",
                "AWS_LAMBDA_RUNTIME_API",
                "AWS_EXECUTION_ENV",
                "LAMBDA_TASK_ROOT"
            })
    void UpdateFunctionConfiguration_refuses_reserved_variables(String name) {
        refused(
                send(
                        "PUT",
                        FUNCTIONS + "/f/configuration",
                        "'Environment':{'Variables':{'" + name + "':'x','A1':'x'}}"),
                400,
                INVALID,
                "Lambda was unable to configure your environment variables because the environment variables you have"
                        + " provided contains reserved keys that are currently not supported for modification. Reserved"
                        + " keys used in this request: " + name);
    }

    @Test
    void CreateFunction_names_all_reserved_variables_that_it_refuses() {
        HttpResponse<String> refused = send(
                "POST",
                FUNCTIONS,
                "'FunctionName':'g','Role':'arn:aws:iam::000000000000:role/r','Runtime':'java17',"
                        + "'Handler':'com.acme.Handler','Code':{'ZipFile':'TWFu'},"
                        + "'Environment':{'Variables':{'AWS_SECRET_ACCESS_KEY':'x','AWS_ACCESS_KEY_ID':'x'}}");

        assertThat(refused.body())
                .contains("Reserved keys used in this request: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TZ", "LANG", "PATH", "AWS_LAMBDA_DOTNET_PREJIT", "AWS_XRAY_CONTEXT_MISSING", "AWS_PROFILE"})
    void UpdateFunctionConfiguration_takes_variables_that_are_not_reserved(String name) {
        HttpResponse<String> updated =
                send("PUT", FUNCTIONS + "/f/configuration", "'Environment':{'Variables':{'" + name + "':'x'}}");

        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(updated.body()).contains("\"Environment\":{\"Variables\":{\"" + name + "\":\"x\"}}");
    }

    @Test
    void ListFunctions_knows_one_FunctionVersion() {
        refused(
                send("GET", FUNCTIONS + "?FunctionVersion=invalid", ""),
                400,
                "ValidationException",
                "1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member"
                        + " must satisfy enum value set: [ALL]");
    }

    @Test
    void CreateFunction_takes_names_of_64_characters() {
        String name = "a".repeat(65);

        refused(
                createFunction(name, "arn:aws:iam::000000000000:role/r"),
                400,
                INVALID,
                "1 validation error detected: Value '" + name + "' at 'functionName' failed to satisfy constraint:"
                        + " Member must have length less than or equal to 64");
    }

    @Test
    void CreateFunction_takes_ARNs_of_140_characters() {
        String arn = FUNCTION + "a".repeat(100);

        refused(
                createFunction(arn, "arn:aws:iam::000000000000:role/r"),
                400,
                "ValidationException",
                "1 validation error detected: Value '" + arn + "' at 'functionName' failed to satisfy constraint:"
                        + " Member must have length less than or equal to 140");
    }

    @Test
    void a_function_of_another_region_is_not_reachable_and_not_deleted() {
        String foreign = FUNCTION.replace("us-east-1", "us-west-2");

        refused(
                send("DELETE", FUNCTIONS + "/" + foreign, ""),
                404,
                "ResourceNotFoundException",
                "Functions from 'us-west-2' are not reachable in this region ('us-east-1')");
        refused(
                send("POST", tags(foreign), "'Tags':{'a':'b'}"),
                404,
                "ResourceNotFoundException",
                "Functions from 'us-west-2' are not reachable in this region ('us-east-1')");
        assertThat(send("GET", FUNCTIONS + "/f", "").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"arn:aws:lambda:us-east-1:111111111111:function:f", "111111111111:function:f", "111111111111:f"})
    void a_function_of_another_account_is_not_accessible_and_not_deleted(String foreign) {
        HttpResponse<String> refused = send("DELETE", FUNCTIONS + "/" + foreign, "");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("AccessDeniedException");
        assertThat(send("GET", FUNCTIONS + "/f", "").statusCode()).isEqualTo(200);
    }

    @Test
    void GetAccountSettings_says_what_is_used_and_reserved() {
        send("PUT", "/2017-10-31/functions/f/concurrency", "'ReservedConcurrentExecutions':7");

        JsonNode settings = JsonMapper.shared()
                .readTree(send("GET", "/2016-08-19/account-settings", "").body());

        assertThat(settings.get("AccountLimit")
                        .get("UnreservedConcurrentExecutions")
                        .asInt())
                .isEqualTo(993);
        assertThat(settings.get("AccountUsage").get("FunctionCount").asInt()).isEqualTo(1);
        assertThat(settings.get("AccountUsage").get("TotalCodeSize").asInt()).isEqualTo(FakeHost.code("one").length);
    }

    private HttpResponse<String> createMapping(String more) {
        return send(
                "POST",
                MAPPINGS,
                "'EventSourceArn':'" + STREAM + "','FunctionName':'f','StartingPosition':'LATEST'" + more);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:kinesis:us-west-2:000000000000:stream/orders",
                "arn:aws:kinesis:us-east-1:111111111111:stream/orders",
                "arn:aws:kinesis:us-west-2:000000000000:stream/orders/consumer/c:1790000000"
            })
    void CreateEventSourceMapping_finds_no_stream_of_another_region_or_account(String foreign) {
        refused(
                send(
                        "POST",
                        MAPPINGS,
                        "'EventSourceArn':'" + foreign + "','FunctionName':'f','StartingPosition':'LATEST'"),
                400,
                INVALID,
                "Stream not found: " + foreign);
        assertThat(send("GET", MAPPINGS + "?EventSourceArn=" + foreign, "").body())
                .isEqualTo("{\"EventSourceMappings\":[]}");
    }

    @Test
    void CreateEventSourceMapping_needs_a_Destination_in_OnFailure() {
        refused(
                createMapping(",'DestinationConfig':{'OnFailure':{}}"),
                400,
                INVALID,
                "The Destination field is required for an OnFailure configuration.");
    }

    @Test
    void UpdateEventSourceMapping_with_empty_configurations_clears_them() {
        String uuid = JsonMapper.shared()
                .readTree(createMapping(",'DestinationConfig':{'OnFailure':{'Destination':'log'}}")
                        .body())
                .get("UUID")
                .stringValue();

        HttpResponse<String> updated = send("PUT", MAPPINGS + "/" + uuid, "'DestinationConfig':{},'ScalingConfig':{}");

        assertThat(updated.statusCode()).isEqualTo(202);
        assertThat(JsonMapper.shared()
                        .readTree(updated.body())
                        .get("DestinationConfig")
                        .toString())
                .isEqualTo("{\"OnFailure\":{}}");
    }

    @Test
    void CreateEventSourceMapping_takes_patterns_of_4096_characters() {
        String pattern = "p".repeat(4_097);

        HttpResponse<String> refused = createMapping(",'FilterCriteria':{'Filters':[{'Pattern':'" + pattern + "'}]}");

        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("ValidationException");
        assertThat(refused.body())
                .contains("at 'filterCriteria.filters.1.member.pattern' failed to satisfy constraint: Member must have"
                        + " length less than or equal to 4096");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'KMSKeyArn':'arn:aws:kms:us-east-1:000000000000:key/k'",
                "'MetricsConfig':{'Metrics':['EventCount']}",
                "'LoggingConfig':{'SystemLogLevel':'INFO'}",
                "'ProvisionedPollerConfig':{'MinimumPollers':1}"
            })
    void CreateEventSourceMapping_refuses_what_it_can_not_do(String member) {
        HttpResponse<String> refused = createMapping("," + member);

        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue(INVALID);
        assertThat(refused.body()).contains(" is not supported: ");
    }
}
