package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.Runtime;

/** A Lambda jar that was built without us: deployed, invoked and mapped through the API alone. */
@Timeout(180)
class DeployedHandlerTest {

    /** Answers what it knows of its invocation, and writes its events' lengths to the file of a variable. */
    private static final String HANDLER = """
            package com.acme;
            import com.amazonaws.services.lambda.runtime.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;

            public class Handler implements RequestStreamHandler {
                public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                    String event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    context.getLogger().log("got " + event.length() + " characters");
                    if (event.contains("fail")) {
                        throw new IllegalStateException("told to");
                    }
                    if (event.contains("sleep")) {
                        try {
                            Thread.sleep(60_000);
                        } catch (InterruptedException stop) {
                            throw new IOException(stop);
                        }
                    }
                    String file = System.getenv("EVENTS");
                    if (file != null) {
                        int records = event.split("kinesisSchemaVersion", -1).length - 1;
                        Files.writeString(Path.of(file), records + "\\n",
                                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    }
                    String client = context.getClientContext() == null
                            ? "none" : context.getClientContext().getCustom().get("who");
                    out.write(("{\\"v\\":\\"" + context.getFunctionVersion() + "\\",\\"arn\\":\\""
                            + context.getInvokedFunctionArn() + "\\",\\"client\\":\\"" + client + "\\"}")
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
            """;

    @TempDir
    Path folder;

    private LambdaServer server;
    private byte[] jar;

    @BeforeEach
    void start() {
        server = LambdaServer.in(folder);
        jar = Zips.compiled(folder, HANDLER);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    private void create(String name, Map<String, String> variables) {
        lambda().createFunction(request -> request.functionName(name)
                .runtime(Runtime.JAVA17)
                .handler("com.acme.Handler::handleRequest")
                .role("arn:aws:iam::000000000000:role/lambda")
                .timeout(30)
                .memorySize(256)
                .environment(environment -> environment.variables(variables))
                .code(code -> code.zipFile(SdkBytes.fromByteArray(jar))));
    }

    /** By the API, or for this JVM by the configuration. */
    private void deploy(Isolation isolation) throws IOException {
        if (isolation == Isolation.PROCESS) {
            create("f", Map.of());
        } else {
            Path file = Files.write(folder.resolve("handler.jar"), jar);
            server.functions()
                    .declare(
                            FunctionConfiguration.of("f", LambdaRuntime.JAVA17, "com.acme.Handler::handleRequest")
                                    .with(Isolation.JVM)
                                    .with(new FunctionSettings(Duration.ofSeconds(2), -1)),
                            file,
                            "shardmill.functions.f");
        }
    }

    private InvokeResponse invoke(String payload) {
        return lambda().invoke(request -> request.functionName("f")
                .logType(LogType.TAIL)
                .clientContext(Base64.getEncoder()
                        .encodeToString("{\"custom\":{\"who\":\"me\"}}".getBytes(StandardCharsets.UTF_8)))
                .payload(SdkBytes.fromUtf8String(payload)));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void a_handler_is_invoked_with_any_event(Isolation isolation) throws IOException {
        deploy(isolation);
        InvokeResponse answer = invoke("{}");

        assertThat(answer.functionError()).isNull();
        assertThat(answer.payload().asUtf8String())
                .isEqualTo("{\"v\":\"$LATEST\",\"arn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\","
                        + "\"client\":\"me\"}");
        assertThat(answer.executedVersion()).isEqualTo("$LATEST");
        assertThat(new String(Base64.getDecoder().decode(answer.logResult()), StandardCharsets.UTF_8))
                .contains("START RequestId: " + answer.responseMetadata().requestId(), "got 2 characters", "REPORT");

        InvokeResponse failed = invoke("\"fail\"");
        assertThat(failed.statusCode()).isEqualTo(200);
        assertThat(failed.functionError()).isEqualTo("Unhandled");
        assertThat(failed.payload().asUtf8String())
                .contains(
                        "\"errorMessage\":\"told to\"",
                        "\"errorType\":\"java.lang.IllegalStateException\"",
                        "com.acme.Handler.handleRequest");
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void a_handler_that_takes_too_long_is_ended(Isolation isolation) throws IOException {
        deploy(isolation);
        if (isolation == Isolation.PROCESS) {
            lambda().updateFunctionConfiguration(
                            request -> request.functionName("f").timeout(2));
        }
        InvokeResponse late = invoke("\"sleep\"");
        assertThat(late.functionError()).isEqualTo("Unhandled");
        assertThat(late.payload().asUtf8String())
                .isEqualTo("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: "
                        + late.responseMetadata().requestId() + " Error: Task timed out after 2.00 seconds\"}");
    }

    @Test
    void a_published_version_knows_which_one_it_is() {
        create("f", Map.of());
        lambda().publishVersion(request -> request.functionName("f"));
        lambda().createAlias(request -> request.functionName("f").name("PROD").functionVersion("1"));
        InvokeResponse answer =
                lambda().invoke(request -> request.functionName("f").qualifier("PROD"));
        assertThat(answer.executedVersion()).isEqualTo("1");
        assertThat(answer.payload().asUtf8String())
                .startsWith("{\"v\":\"1\",\"arn\":\"arn:aws:lambda")
                .contains("f:PROD");
    }

    @Test
    void a_deployed_and_mapped_handler_gets_the_streams_records() {
        Path events = folder.resolve("events");
        create("f", Map.of("EVENTS", events.toString()));
        String uuid = lambda().createEventSourceMapping(request -> request.functionName("f")
                        .eventSourceArn("arn:aws:kinesis:us-east-1:000000000000:stream/orders")
                        .startingPosition(EventSourcePosition.TRIM_HORIZON))
                .uuid();
        put(3);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(records(events)).isEqualTo(3));
        await().untilAsserted(() -> assertThat(lambda().getEventSourceMapping(request -> request.uuid(uuid))
                        .lastProcessingResult())
                .isEqualTo("OK"));

        server.restart();
        put(2);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(records(events)).isEqualTo(5));
    }

    private void put(int records) {
        for (int i = 0; i < records; i++) {
            server.streams().put("orders", PutEntry.of("k", "{}"));
        }
    }

    private static int records(Path events) throws IOException {
        return Files.exists(events)
                ? Files.readAllLines(events).stream()
                        .mapToInt(Integer::parseInt)
                        .sum()
                : 0;
    }
}
