package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.lambda.InvokeRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** Spec 10.2 over HTTP, whatever runs the function. */
@Timeout(60)
class InvokeTest {

    private static final String PATH = "/2015-03-31/functions/f/invocations";

    @TempDir
    Path folder;

    private final FakeHost host = new FakeHost();
    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, host);
        lambda().createFunction(FakeHost.function("f", "one").build());
    }

    @AfterEach
    void stop() {
        host.goOn.countDown();
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    @Test
    void an_answer_comes_back_unchanged_with_the_version_that_gave_it_and_no_log() {
        HttpResponse<String> answer = server.send("POST", PATH, "{\"a\": 1}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("\"one\"");
        assertThat(answer.headers().firstValue("x-amz-executed-version")).hasValue("$LATEST");
        assertThat(answer.headers().firstValue("x-amz-log-result")).isEmpty();
        assertThat(answer.headers().firstValue("x-amz-function-error")).isEmpty();
        assertThat(host.invoked()).containsExactly("one $LATEST {\"a\": 1}");
    }

    @Test
    void why_a_function_cant_be_run_now_is_for_the_log_as_it_may_name_the_servers_files() {
        HttpResponse<String> answer = server.send("POST", PATH, "\"not now\"");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("the server's log says why").doesNotContain("/opt");
    }

    @Test
    void a_function_that_fails_is_an_answer_of_200() {
        InvokeResponse answer = lambda().invoke(request ->
                request.functionName("f").logType("Tail").payload(SdkBytes.fromUtf8String("\"fail\"")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.functionError()).isEqualTo("Unhandled");
        assertThat(answer.logResult()).isEqualTo("YSBsaW5l");
    }

    @Test
    void a_dry_run_invokes_nothing() {
        assertThat(lambda().invoke(request -> request.functionName("f").invocationType(InvocationType.DRY_RUN))
                        .statusCode())
                .isEqualTo(204);
        assertThat(host.invoked()).isEmpty();
    }

    @Test
    void an_event_is_accepted_at_once_and_invoked_later() {
        assertThat(lambda().invoke(request -> request.functionName("f")
                                .invocationType(InvocationType.EVENT)
                                .payload(SdkBytes.fromUtf8String("1")))
                        .statusCode())
                .isEqualTo(202);
        await().untilAsserted(() -> assertThat(host.invoked()).containsExactly("one $LATEST 1"));
    }

    @Test
    void an_event_is_tried_three_times_after_one_and_two_minutes() {
        FakeLater later = new FakeLater();
        try (AsynchronousInvocations asynchronous = new AsynchronousInvocations(server.functions(), later)) {
            asynchronous.submit(new FunctionRef("f", null), request("\"fail\""));
            later.runAll();
        }
        assertThat(host.invoked()).hasSize(3);
        assertThat(later.waits()).containsExactly("PT0S", "PT1M", "PT2M");
    }

    @Test
    void an_event_of_a_throttled_function_waits_and_uses_up_no_attempt() {
        lambda().putFunctionConcurrency(request -> request.functionName("f").reservedConcurrentExecutions(0));
        FakeLater later = new FakeLater();
        try (AsynchronousInvocations asynchronous = new AsynchronousInvocations(server.functions(), later)) {
            asynchronous.submit(new FunctionRef("f", null), request("1"));
            later.runNext();
            later.runNext();
            later.runNext();
            lambda().deleteFunctionConcurrency(request -> request.functionName("f"));
            later.runAll();
        }
        assertThat(host.invoked()).containsExactly("one $LATEST 1");
        assertThat(later.waits()).containsExactly("PT0S", "PT1S", "PT2S", "PT4S");
    }

    @Test
    void too_many_waiting_events_are_throttled() {
        FakeLater later = new FakeLater();
        try (AsynchronousInvocations asynchronous = new AsynchronousInvocations(server.functions(), later)) {
            for (int i = 0; i < 1_000; i++) {
                asynchronous.submit(new FunctionRef("f", null), request("1"));
            }
            assertThatThrownBy(() -> asynchronous.submit(new FunctionRef("f", null), request("1")))
                    .isInstanceOfSatisfying(
                            AwsException.class,
                            refused -> assertThat(refused.error().status()).isEqualTo(429));
            later.runAll();
            asynchronous.submit(new FunctionRef("f", null), request("1"));
        }
    }

    @Test
    void an_event_whose_function_ends_with_an_error_waits_no_longer() {
        FakeLater later = new FakeLater();
        try (AsynchronousInvocations asynchronous = new AsynchronousInvocations(server.functions(), later)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 1_000; i++) {
                    asynchronous.submit(new FunctionRef("f", null), request("\"error\""));
                }
                later.runAll();
            }
        }
        assertThat(host.invoked()).hasSize(2_000);
    }

    private static InvokeRequest request(String payload) {
        return InvokeRequest.of(payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void beyond_its_reserved_concurrency_a_function_is_throttled() {
        lambda().putFunctionConcurrency(request -> request.functionName("f").reservedConcurrentExecutions(1));
        CompletableFuture<HttpResponse<String>> first =
                CompletableFuture.supplyAsync(() -> server.send("POST", PATH, "\"wait\""));
        await().until(() -> host.waiting.getCount() == 0);

        assertThatThrownBy(() -> lambda().invoke(request -> request.functionName("f")))
                .isInstanceOfSatisfying(TooManyRequestsException.class, refused -> {
                    assertThat(refused.statusCode()).isEqualTo(429);
                    assertThat(refused.reasonAsString()).isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
                    assertThat(refused.getMessage()).contains("Rate Exceeded.");
                });
        host.goOn.countDown();
        assertThat(first.join().statusCode()).isEqualTo(200);
    }

    @Test
    void a_function_that_is_not_there_is_not_found() {
        HttpResponse<String> refused = server.send("POST", "/2015-03-31/functions/no/invocations", "{}");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("ResourceNotFoundException");
        assertThat(refused.body())
                .isEqualTo("{\"Type\":\"User\",\"Message\":\"Function not found:"
                        + " arn:aws:lambda:us-east-1:000000000000:function:no:$LATEST\"}");
    }

    @Test
    void a_payload_that_is_no_json_is_refused() {
        for (String payload : new String[] {"{", "nothing", "{} {}", "[1,]"}) {
            HttpResponse<String> refused = server.send("POST", PATH, payload);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("InvalidRequestContentException");
            assertThat(refused.body()).contains("Could not parse request body into json: ");
        }
        assertThat(host.invoked()).isEmpty();
    }

    @Test
    void any_json_is_a_payload_but_for_its_depth() {
        String name = "{\"" + "n".repeat(100_000) + "\":1}";
        String many = "[" + "{},".repeat(500_000) + "{}]";
        for (String payload : new String[] {name, many, "[".repeat(900) + "]".repeat(900)}) {
            assertThat(server.send("POST", PATH, payload).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = server.send("POST", PATH, "[".repeat(100_000) + "]".repeat(100_000));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("InvalidRequestContentException");
    }

    @Test
    void a_payload_has_6_MB_at_most_and_an_event_1_MB() {
        String large = "\"" + "x".repeat(InvokeOperation.MAX_BYTES - 2) + "\"";
        assertThat(server.send("POST", PATH, large).statusCode()).isEqualTo(200);
        assertThat(server.send("POST", PATH, large + " ").statusCode()).isEqualTo(413);
        String event = "\"" + "x".repeat(InvokeOperation.MAX_EVENT_BYTES - 1) + "\"";
        HttpResponse<String> refused = server.send("POST", PATH, event, "X-Amz-Invocation-Type", "Event");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("RequestTooLargeException");
    }

    @Test
    void what_is_asked_for_wrongly_is_refused() {
        assertThat(server.send("POST", PATH, "{}", "X-Amz-Invocation-Type", "Never")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("POST", PATH, "{}", "X-Amz-Client-Context", "%%%")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("POST", "/2015-03-31/functions/f:A/invocations?Qualifier=B", "{}")
                        .body())
                .contains("The derived qualifier from the function name does not match the specified qualifier.");
    }
}
