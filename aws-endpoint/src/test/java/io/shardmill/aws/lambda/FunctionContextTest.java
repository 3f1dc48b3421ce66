package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.Runtime;

/** What a function in a process is told of itself, and what its caller is told when the process ends. */
@Timeout(120)
class FunctionContextTest {

    private static final String ROLE = "arn:aws:iam::000000000000:role/pricing";

    /** Runs a text event as a command, and appends the ARN and the event of any other to the file of a variable. */
    private static final String BOOTSTRAP = """
            #!/bin/sh
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            header() { tr -d '\\r' < "$TMPDIR/headers" | sed -n "s/^$1: //Ip"; }
            while :; do
              event=$(curl -sS -D "$TMPDIR/headers" "$api/invocation/next") || exit 99
              case "$event" in
                \\"*) answer="\\"$(eval "$(echo "$event" | tr -d '"')")\\"";;
                *) echo "$(header Lambda-Runtime-Invoked-Function-Arn) $event" >> "$EVENTS"; answer=null;;
              esac
              [ "$answer" = '"exit"' ] && exit 1
              curl -sS -o /dev/null -d "$answer" "$api/invocation/$(header Lambda-Runtime-Aws-Request-Id)/response"
            done
            """;

    @TempDir
    Path folder;

    private LambdaServer server;
    private Path events;

    @BeforeEach
    void start() {
        server = LambdaServer.in(folder);
        events = folder.resolve("events");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    private void create(Map<String, String> variables) {
        lambda().createFunction(request -> request.functionName("f")
                .runtime(Runtime.PROVIDED_AL2023)
                .handler("any")
                .role(ROLE)
                .timeout(30)
                .environment(environment -> environment.variables(variables))
                .code(code -> code.zipFile(SdkBytes.fromByteArray(Zips.executable(folder, "bootstrap", BOOTSTRAP)))));
    }

    /** Returns what the function's process writes when it runs a command. */
    private String output(String command) {
        return run(command).payload().asUtf8String();
    }

    private InvokeResponse run(String command) {
        return lambda().invoke(
                        request -> request.functionName("f").payload(SdkBytes.fromUtf8String("\"" + command + "\"")));
    }

    @Test
    void a_process_has_the_zone_of_TZ_and_UTC_without_one() {
        create(Map.of("TZ", "XYZ-3"));
        assertThat(output("date +%Z%z")).isEqualTo("\"XYZ+0300\"");

        lambda().updateFunctionConfiguration(
                        request -> request.functionName("f").environment(none -> {}));
        assertThat(output("date +%Z%z")).isEqualTo("\"UTC+0000\"");
    }

    @Test
    void a_process_has_the_region_and_no_credentials_of_the_servers() {
        create(Map.of());

        assertThat(output("echo $AWS_REGION $AWS_DEFAULT_REGION $AWS_ACCESS_KEY_ID"))
                .isEqualTo("\"us-east-1 us-east-1\"");
    }

    @Test
    void the_caller_is_told_that_the_process_has_ended() {
        create(Map.of());

        InvokeResponse response = run("echo exit");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(response.payload().asUtf8String())
                .isEqualTo("{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: "
                        + response.responseMetadata().requestId()
                        + " Error: Runtime exited with error: exit status 1\"}");
    }

    @Test
    void a_mapping_of_an_alias_invokes_it_by_the_aliass_ARN_with_events_that_name_the_functions_role()
            throws IOException {
        create(Map.of("EVENTS", events.toString()));
        lambda().publishVersion(request -> request.functionName("f"));
        lambda().createAlias(request -> request.functionName("f").name("prod").functionVersion("1"));
        lambda().createEventSourceMapping(request -> request.functionName("f:prod")
                .eventSourceArn("arn:aws:kinesis:us-east-1:000000000000:stream/orders")
                .startingPosition(EventSourcePosition.TRIM_HORIZON));
        server.streams().put("orders", PutEntry.of("k", "{}"));

        await().atMost(Duration.ofMinutes(1)).until(() -> seen().size() == 1);
        assertThat(seen().get(0))
                .startsWith("arn:aws:lambda:us-east-1:000000000000:function:f:prod {")
                .contains("\"invokeIdentityArn\":\"" + ROLE + "\"");
    }

    private List<String> seen() throws IOException {
        return Files.exists(events) ? Files.readAllLines(events) : List.of();
    }
}
