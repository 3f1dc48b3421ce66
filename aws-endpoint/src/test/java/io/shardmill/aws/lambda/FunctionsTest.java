package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionCodeResponse;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationResponse;

/** Functions, versions, aliases, tags and concurrency through AWS's SDK, with a restart between the steps. */
@Timeout(60)
class FunctionsTest {

    private static final String ROLE = "arn:aws:iam::000000000000:role/lambda";
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:";

    @TempDir
    Path folder;

    private final FakeHost host = new FakeHost();
    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, host);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    private static CreateFunctionRequest.Builder request(String name) {
        return FakeHost.function(name, "one");
    }

    private CreateFunctionResponse create(String name) {
        return lambda().createFunction(request(name).build());
    }

    private String invoke(String name) {
        return lambda().invoke(request -> request.functionName(name)).payload().asUtf8String();
    }

    private CreateFunctionResponse createWithDetails() {
        return lambda().createFunction(request("f")
                .description("d")
                .environment(environment -> environment.variables(Map.of("TABLE", "t")))
                .tags(Map.of("team", "a"))
                .build());
    }

    private GetFunctionResponse get() {
        return lambda().getFunction(request -> request.functionName("f"));
    }

    @Test
    void a_created_function_has_lambdas_defaults() {
        CreateFunctionResponse created = createWithDetails();

        assertThat(created.sdkHttpResponse().statusCode()).isEqualTo(201);
        assertThat(created.functionArn()).isEqualTo(ARN + "f");
        assertThat(created.timeout()).isEqualTo(3);
        assertThat(created.memorySize()).isEqualTo(128);
        assertThat(created.version()).isEqualTo("$LATEST");
    }

    @Test
    void a_created_function_is_active_at_once() {
        CreateFunctionResponse created = createWithDetails();

        assertThat(created.state()).isEqualTo(State.ACTIVE);
        assertThat(created.lastUpdateStatus()).isEqualTo(LastUpdateStatus.SUCCESSFUL);
    }

    @Test
    void a_created_function_shows_its_role_and_its_variables() {
        CreateFunctionResponse created = createWithDetails();

        assertThat(created.role()).isEqualTo(ROLE);
        assertThat(created.environment().variables()).isEqualTo(Map.of("TABLE", "t"));
    }

    @Test
    void a_created_function_shows_the_size_and_the_digest_of_its_code() throws Exception {
        byte[] code = FakeHost.code("one");
        CreateFunctionResponse created = createWithDetails();

        assertThat(created.codeSize()).isEqualTo(code.length);
        assertThat(created.codeSha256())
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(code)));
        assertThat(created.lastModified()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+0000");
    }

    @Test
    void a_function_is_the_same_after_a_restart() {
        CreateFunctionResponse created = createWithDetails();
        server.restart();

        GetFunctionResponse got = get();
        assertThat(got.configuration().revisionId()).isEqualTo(created.revisionId());
        assertThat(got.configuration().codeSha256()).isEqualTo(created.codeSha256());
        assertThat(got.configuration().lastModified()).isEqualTo(created.lastModified());
        assertThat(got.configuration().role()).isEqualTo(ROLE);
        assertThat(got.tags()).isEqualTo(Map.of("team", "a"));
        assertThat(got.concurrency()).isNull();
        assertThat(invoke("f")).isEqualTo("\"one\"");
    }

    @Test
    void other_code_is_another_revision_and_runs_after_a_restart() {
        CreateFunctionResponse created = createWithDetails();
        UpdateFunctionCodeResponse recoded = lambda().updateFunctionCode(
                        request -> request.functionName("f").zipFile(SdkBytes.fromByteArray(FakeHost.code("two"))));
        server.restart();

        assertThat(recoded.codeSha256()).isNotEqualTo(created.codeSha256());
        assertThat(recoded.revisionId()).isNotEqualTo(created.revisionId());
        assertThat(invoke("f")).isEqualTo("\"two\"");
    }

    @Test
    void another_configuration_changes_what_it_names_and_is_kept() {
        CreateFunctionResponse unused = createWithDetails();
        UpdateFunctionConfigurationResponse changed = lambda().updateFunctionConfiguration(
                        request -> request.functionName("f").timeout(60).role(ROLE + "2"));
        server.restart();

        assertThat(changed.timeout()).isEqualTo(60);
        assertThat(changed.role()).isEqualTo(ROLE + "2");
        assertThat(changed.description()).isEqualTo("d");
        assertThat(changed.environment().variables()).isEqualTo(Map.of("TABLE", "t"));
        assertThat(get().configuration().timeout()).isEqualTo(60);
    }

    @Test
    void a_deleted_function_is_not_found_after_a_restart() {
        CreateFunctionResponse unused = createWithDetails();
        assertThat(lambda().deleteFunction(request -> request.functionName("f"))
                        .sdkHttpResponse()
                        .statusCode())
                .isEqualTo(204);
        server.restart();

        assertThatThrownBy(this::get)
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found: " + ARN + "f");
    }

    @Test
    void waiters_are_content_at_once() {
        create("f");
        assertThat(lambda().waiter()
                        .waitUntilFunctionActiveV2(request -> request.functionName("f"))
                        .matched()
                        .response())
                .isPresent();
        assertThat(lambda().waiter()
                        .waitUntilFunctionUpdatedV2(request -> request.functionName("f"))
                        .matched()
                        .response())
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f",
                "f:$LATEST",
                "000000000000:function:f",
                "arn:aws:lambda:us-east-1:000000000000:function:f",
                "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"
            })
    void a_function_is_named_by_name_partial_arn_or_arn(String name) {
        create("f");
        assertThat(lambda().getFunctionConfiguration(request -> request.functionName(name))
                        .functionArn())
                .isEqualTo(ARN + "f" + (name.endsWith("$LATEST") ? ":$LATEST" : ""));
        assertThat(invoke(name)).isEqualTo("\"one\"");
    }

    @Test
    void functions_are_listed_in_pages() {
        List.of("c", "a", "b").forEach(this::create);
        List<List<String>> pages = new ArrayList<>();
        lambda().listFunctionsPaginator(request -> request.maxItems(2))
                .forEach(page -> pages.add(page.functions().stream()
                        .map(software.amazon.awssdk.services.lambda.model.FunctionConfiguration::functionName)
                        .toList()));
        assertThat(pages).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void a_name_that_is_taken_is_a_conflict() {
        create("f");
        assertThatThrownBy(() -> create("f"))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("Function already exist: f");
    }

    @Test
    void code_of_many_megabytes_is_taken() {
        byte[] code = Zips.stored("com/acme/Handler.class", "x".repeat(20 << 20));
        assertThat(lambda().createFunction(request("f")
                                .code(zip -> zip.zipFile(SdkBytes.fromByteArray(code)))
                                .build())
                        .codeSize())
                .isEqualTo(code.length);
    }

    @Test
    void a_variable_or_a_tag_called_as_the_code_is_no_code() {
        Map<String, String> named = Map.of("ZipFile", "%%% no base64");
        String arn = lambda().createFunction(request("f")
                        .environment(environment -> environment.variables(named))
                        .tags(named)
                        .build())
                .functionArn();
        GetFunctionResponse got = lambda().getFunction(request -> request.functionName("f"));
        assertThat(got.configuration().environment().variables()).isEqualTo(named);
        assertThat(got.tags()).isEqualTo(named);
        assertThat(invoke("f")).isEqualTo("\"one\"");

        lambda().untagResource(request -> request.resource(arn).tagKeys("ZipFile"));
        lambda().tagResource(request -> request.resource(arn).tags(named));
        assertThat(lambda().listTags(request -> request.resource(arn)).tags()).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"ZipFile\":\"%s\"}", "{\"Code\":[{\"ZipFile\":\"%s\"}]}", "{\"X\":{\"ZipFile\":\"%s\"}}"})
    void code_in_any_other_place_is_not_taken(String body) {
        String code = Base64.getEncoder().encodeToString(FakeHost.code("two"));
        String members =
                ",\"FunctionName\":\"g\",\"Runtime\":\"java17\",\"Handler\":\"com.acme.Handler\",\"Role\":\"r\"}";
        String create = body.formatted(code);
        assertThat(server.send("POST", "/2015-03-31/functions", create.substring(0, create.length() - 1) + members)
                        .statusCode())
                .isEqualTo(400);
        create("f");
        String update = "{\"Code\":" + body.formatted(code) + "}";
        assertThat(server.send("PUT", "/2015-03-31/functions/f/code", update).body())
                .contains("Please provide the code as ZipFile");
        assertThat(server.functions().names()).containsExactly("f");
    }

    @Test
    void what_is_no_zip_is_refused_without_a_trace() {
        assertThatThrownBy(() -> lambda().createFunction(request("f")
                        .code(code -> code.zipFile(SdkBytes.fromUtf8String("no zip")))
                        .build()))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("ZipFile can't be")
                .hasMessageNotContaining("shardmill-upload");
        assertThat(server.functions().names()).isEmpty();
    }

    @Test
    void a_handler_that_the_code_has_not_is_refused() {
        assertThatThrownBy(() -> lambda().createFunction(
                                request("f").handler("com.acme.Missing").build()))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("the code has no com/acme/Missing.class");
    }

    @ParameterizedTest
    @CsvSource({
        "python3.8,app.py",
        "python3.14,app.py",
        "nodejs18.x,'app.js, .mjs or .cjs'",
        "nodejs24.x,'app.js, .mjs or .cjs'"
    })
    void a_script_of_any_architecture_needs_the_file_that_its_handler_names(String runtime, String file) {
        CreateFunctionRequest script = request("f")
                .runtime(runtime)
                .architectures(Architecture.ARM64)
                .handler("app.handler")
                .build();
        assertThatThrownBy(() -> lambda().createFunction(script))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("handler: 'app.handler' can't be loaded: the code has no " + file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"PackageType\":\"Image\"",
                "\"Layers\":[\"arn:aws:lambda:us-east-1:000000000000:layer:l:1\"]",
                "\"VpcConfig\":{\"SubnetIds\":[\"subnet-1\"]}",
                "\"DeadLetterConfig\":{\"TargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q\"}",
                "\"TracingConfig\":{\"Mode\":\"Active\"}",
                "\"EphemeralStorage\":{\"Size\":1024}",
                "\"SnapStart\":{\"ApplyOn\":\"PublishedVersions\"}",
                "\"Runtime\":\"ruby3.4\"",
                "\"Timeout\":901",
                "\"MemorySize\":64",
                "\"Timeout\":\"3\"",
                "\"Architectures\":[\"z80\"]",
                "\"Environment\":{\"Variables\":{\"AWS_REGION\":1}}"
            })
    void what_would_change_a_functions_behaviour_and_cant_be_had_is_refused(String member) {
        create("f");
        assertThat(server.send("PUT", "/2015-03-31/functions/f/configuration", "{" + member + "}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(lambda().getFunctionConfiguration(request -> request.functionName("f"))
                        .timeout())
                .isEqualTo(3);
    }

    @Test
    void what_holds_here_anyway_may_be_said() {
        create("f");
        assertThat(server.send(
                                "PUT",
                                "/2015-03-31/functions/f/configuration",
                                "{\"VpcConfig\":{\"SubnetIds\":[],\"SecurityGroupIds\":[]},\"Layers\":[],"
                                        + "\"TracingConfig\":{\"Mode\":\"PassThrough\"},"
                                        + "\"EphemeralStorage\":{\"Size\":512},\"SnapStart\":{\"ApplyOn\":\"None\"},"
                                        + "\"DeadLetterConfig\":{\"TargetArn\":\"\"},\"KMSKeyArn\":\"\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void code_that_is_not_in_the_request_is_refused() {
        assertThatThrownBy(() -> lambda().createFunction(request("f")
                        .code(code -> code.s3Bucket("b").s3Key("k"))
                        .build()))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("S3Bucket is not supported");
    }

    @Test
    void a_revision_that_has_passed_is_no_base_for_a_change() {
        String first = create("f").revisionId();
        lambda().updateFunctionConfiguration(
                        request -> request.functionName("f").timeout(5));
        assertThatThrownBy(() -> lambda().updateFunctionConfiguration(
                                request -> request.functionName("f").timeout(6).revisionId(first)))
                .isInstanceOf(PreconditionFailedException.class);
    }

    @Test
    void a_dry_run_changes_nothing() {
        create("f");
        lambda().updateFunctionCode(request ->
                request.functionName("f").dryRun(true).zipFile(SdkBytes.fromByteArray(FakeHost.code("two"))));
        assertThat(invoke("f")).isEqualTo("\"one\"");
    }

    /** Makes version 1 of code one, version 2 of code two, and the alias PROD of version 1. */
    private void publishTwice() {
        create("f");
        lambda().publishVersion(request -> request.functionName("f"));
        lambda().createAlias(request -> request.functionName("f").name("PROD").functionVersion("1"));
        lambda().updateFunctionCode(request ->
                request.functionName("f").publish(true).zipFile(SdkBytes.fromByteArray(FakeHost.code("two"))));
    }

    @Test
    void a_version_is_published_once_until_something_changes() {
        create("f");

        assertThat(lambda().publishVersion(request -> request.functionName("f")).version())
                .isEqualTo("1");
        assertThat(lambda().publishVersion(request -> request.functionName("f")).version())
                .isEqualTo("1");
    }

    @Test
    void an_alias_and_a_published_version_have_ARNs_of_their_own() {
        create("f");
        lambda().publishVersion(request -> request.functionName("f"));

        assertThat(lambda().createAlias(request ->
                                request.functionName("f").name("PROD").functionVersion("1"))
                        .aliasArn())
                .isEqualTo(ARN + "f:PROD");
        assertThat(lambda().updateFunctionCode(request -> request.functionName("f")
                                .publish(true)
                                .zipFile(SdkBytes.fromByteArray(FakeHost.code("two"))))
                        .functionArn())
                .isEqualTo(ARN + "f:2");
    }

    @Test
    void versions_keep_their_code_across_a_restart() {
        publishTwice();
        server.restart();

        assertThat(List.of(invoke("f"), invoke("f:1"), invoke("f:2"), invoke("f:PROD")))
                .containsExactly("\"two\"", "\"one\"", "\"two\"", "\"one\"");
    }

    @Test
    void an_invocation_through_an_alias_names_the_version_that_ran() {
        publishTwice();

        assertThat(lambda().invoke(request -> request.functionName("f").qualifier("PROD"))
                        .executedVersion())
                .isEqualTo("1");
        assertThat(lambda().getFunctionConfiguration(
                                request -> request.functionName("f").qualifier("PROD"))
                        .version())
                .isEqualTo("1");
    }

    @Test
    void versions_are_listed_after_LATEST_by_number() {
        publishTwice();

        assertThat(lambda().listVersionsByFunction(request -> request.functionName("f")).versions().stream()
                        .map(software.amazon.awssdk.services.lambda.model.FunctionConfiguration::version))
                .containsExactly("$LATEST", "1", "2");
    }

    @Test
    void an_alias_is_pointed_at_another_version_for_good() {
        publishTwice();
        lambda().updateAlias(request -> request.functionName("f").name("PROD").functionVersion("2"));
        server.restart();

        assertThat(invoke("f:PROD")).isEqualTo("\"two\"");
    }

    @Test
    void a_version_that_an_alias_points_at_is_not_deleted() {
        publishTwice();

        assertThatThrownBy(() -> lambda().deleteFunction(
                                request -> request.functionName("f").qualifier("1")))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("following aliases reference it: [PROD]");
    }

    @Test
    void a_deleted_version_is_not_found_and_the_others_stay() {
        publishTwice();
        lambda().deleteFunction(request -> request.functionName("f").qualifier("2"));
        server.restart();

        assertThatThrownBy(() -> invoke("f:2"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found: " + ARN + "f:2");
        assertThat(invoke("f:PROD")).isEqualTo("\"one\"");
    }

    @Test
    void a_deleted_alias_is_not_listed() {
        publishTwice();
        lambda().deleteAlias(request -> request.functionName("f").name("PROD"));

        assertThat(lambda().listAliases(request -> request.functionName("f")).aliases())
                .isEmpty();
    }

    @Test
    void an_alias_points_at_a_version_that_there_is() {
        create("f");
        assertThatThrownBy(() -> lambda().createAlias(
                                request -> request.functionName("f").name("A").functionVersion("1")))
                .isInstanceOf(ResourceNotFoundException.class);
        lambda().createAlias(request -> request.functionName("f").name("A").functionVersion("$LATEST"));
        assertThat(invoke("f:A")).isEqualTo("\"one\"");
        assertThatThrownBy(() -> lambda().createAlias(
                                request -> request.functionName("f").name("A").functionVersion("$LATEST")))
                .isInstanceOf(ResourceConflictException.class);
        assertThatThrownBy(() -> lambda().createAlias(
                                request -> request.functionName("f").name("12").functionVersion("$LATEST")))
                .hasMessageContaining("Value '12' at 'name' failed to satisfy constraint: Member must satisfy regular"
                        + " expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
        assertThatThrownBy(() ->
                        lambda().getAlias(request -> request.functionName("f").name("B")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Cannot find alias arn: " + ARN + "f:B");
    }

    @Test
    void reserved_concurrency_is_no_new_revision() {
        String revision = create("f").revisionId();
        lambda().putFunctionConcurrency(request -> request.functionName("f").reservedConcurrentExecutions(7));
        lambda().deleteFunctionConcurrency(request -> request.functionName("f"));
        assertThat(lambda().getFunctionConfiguration(request -> request.functionName("f"))
                        .revisionId())
                .isEqualTo(revision);
    }

    @Test
    void reserved_concurrency_and_tags_are_kept() {
        String arn = create("f").functionArn();
        assertThat(lambda().getFunctionConcurrency(request -> request.functionName("f"))
                        .reservedConcurrentExecutions())
                .isNull();
        lambda().putFunctionConcurrency(request -> request.functionName("f").reservedConcurrentExecutions(7));
        lambda().tagResource(request -> request.resource(arn).tags(Map.of("a", "1", "b", "2")));
        lambda().untagResource(request -> request.resource(arn).tagKeys("a"));
        server.restart();
        assertThat(lambda().getFunctionConcurrency(request -> request.functionName("f"))
                        .reservedConcurrentExecutions())
                .isEqualTo(7);
        assertThat(lambda().getFunction(request -> request.functionName("f"))
                        .concurrency()
                        .reservedConcurrentExecutions())
                .isEqualTo(7);
        assertThat(lambda().listTags(request -> request.resource(arn)).tags()).isEqualTo(Map.of("b", "2"));
        lambda().deleteFunctionConcurrency(request -> request.functionName("f"));
        assertThat(lambda().getFunction(request -> request.functionName("f")).concurrency())
                .isNull();
    }

    @Test
    void a_function_of_the_configuration_is_found_and_invoked_and_changed_only_there() throws Exception {
        Path code = Files.createDirectories(folder.resolve("declared/com/acme"));
        Files.writeString(code.resolve("Handler.class"), "declared");
        server.functions()
                .declare(
                        FunctionConfiguration.of("d", LambdaRuntime.JAVA17, "com.acme.Handler"),
                        folder.resolve("declared"),
                        "shardmill.functions.d");

        assertThat(lambda().listFunctions().functions())
                .singleElement()
                .satisfies(function -> assertThat(function.functionName()).isEqualTo("d"));
        assertThat(lambda().getFunction(request -> request.functionName("d"))
                        .configuration()
                        .codeSize())
                .isEqualTo(8);
        assertThat(invoke("d")).isEqualTo("\"declared\"");
        assertThatThrownBy(() -> lambda().deleteFunction(request -> request.functionName("d")))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("shardmill.functions.d");
        assertThatThrownBy(() -> lambda().publishVersion(request -> request.functionName("d")))
                .isInstanceOf(ResourceConflictException.class);
        assertThatThrownBy(() -> create("d")).isInstanceOf(ResourceConflictException.class);
    }

    @Test
    void errors_are_as_lambda_writes_them() {
        assertThatThrownBy(() -> lambda().getFunction(request -> request.functionName("no.name")))
                .isInstanceOfSatisfying(LambdaException.class, refused -> {
                    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
                    assertThat(refused.requestId()).isNotEmpty();
                });
    }
}
