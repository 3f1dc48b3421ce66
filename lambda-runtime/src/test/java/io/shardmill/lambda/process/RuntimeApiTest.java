package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.process.RawClient.Reply;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Runtime API as a raw HTTP client sees it; case_r numbers are those of chapter 7 of the Runtime API's contract. */
@Timeout(60)
class RuntimeApiTest {

    private static final String ARN = "arn:aws:lambda:eu-west-1:000000000000:function:f";
    private static final long DEADLINE = 1_700_000_000_123L;
    private static final String OK = "{\"status\":\"OK\"}\n";

    private final ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newCachedThreadPool();
    private final RuntimeSession session = new RuntimeSession();
    private LoopbackServer server;
    private RawClient runtime;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer(threads, PeerCheck.ofUser(ProcessStatus.ownUid()), new RuntimeApi(session));
        runtime = new RawClient(server.address());
    }

    @AfterEach
    void stop() throws InterruptedException {
        session.end();
        runtime.close();
        server.close();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS))
                .as("no thread outlives the server")
                .isTrue();
    }

    private RuntimeInvocation dispatch(String id, String event) {
        return dispatch(new InvokeRequest(id, event.getBytes(UTF_8), null, InvokeRequest.Context.NONE));
    }

    private RuntimeInvocation dispatch(InvokeRequest request) {
        RuntimeInvocation invocation = new RuntimeInvocation(request, ARN, DEADLINE);
        session.dispatch(invocation);
        return invocation;
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    private RuntimeReply replyTo(RuntimeInvocation invocation) throws InterruptedException {
        assertThat(session.awaitReply(invocation, soon())).isEqualTo(RuntimeSession.Waited.DONE);
        return invocation.reply;
    }

    private static String text(RuntimeReply reply) {
        return new String(reply.payload(), UTF_8);
    }

    @Test
    void case_r1_next_parks_without_a_limit_and_then_answers_the_event_with_the_headers_there_are() throws Exception {
        runtime.sendNext();
        assertThat(session.awaitReady(soon())).isEqualTo(RuntimeSession.Waited.DONE);
        dispatch("id-1", "{\"a\":1}");

        Reply event = runtime.reply();
        assertThat(event.status()).isEqualTo(200);
        assertThat(event.body()).isEqualTo("{\"a\":1}");
        assertThat(event.headers())
                .containsEntry("lambda-runtime-aws-request-id", "id-1")
                .containsEntry("lambda-runtime-deadline-ms", "1700000000123")
                .containsEntry("lambda-runtime-invoked-function-arn", ARN)
                .containsEntry("content-type", "application/json")
                .hasSize(5);
    }

    @Test
    void case_r1_what_the_caller_adds_arrives_in_headers_that_it_cannot_break_out_of() {
        runtime.sendNext();
        dispatch(new InvokeRequest(
                "id-1",
                new byte[0],
                ARN + ":live",
                new InvokeRequest.Context(
                        "Root=1;Sampled=0", "{\"x\":\"é\"}\r\nEvil: 1", "{\"cognitoIdentityId\":\"c\"}", "t")));

        Reply event = runtime.reply();
        assertThat(event.body()).isEmpty();
        assertThat(event.headers())
                .containsEntry("lambda-runtime-invoked-function-arn", ARN + ":live")
                .containsEntry("lambda-runtime-trace-id", "Root=1;Sampled=0")
                .containsEntry("lambda-runtime-cognito-identity", "{\"cognitoIdentityId\":\"c\"}")
                .containsEntry("lambda-runtime-aws-tenant-id", "t")
                .doesNotContainKey("evil");
        assertThat(event.headers()
                        .get("lambda-runtime-client-context")
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo("{\"x\":\"é\"}  Evil: 1".getBytes(UTF_8));
    }

    @Test
    void case_r2_a_response_with_a_wrong_id_is_refused_and_the_invocation_goes_on() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");

        Reply refused = runtime.respond("id-2", "{}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers()).containsEntry("content-type", "application/json");
        assertThat(refused.body())
                .isEqualTo("{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n");

        Reply accepted = runtime.respond("id-1", "true");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.body()).isEqualTo(OK);
        assertThat(text(replyTo(invocation))).isEqualTo("true");
        assertThat(invocation.reply.isError()).isFalse();
    }

    @Test
    void case_r3_a_second_response_is_an_invalid_transition_and_after_next_an_unknown_id() throws Exception {
        dispatchAndTake("id-1");
        runtime.respond("id-1", "1");

        Reply second = runtime.respond("id-1", "2");
        assertThat(second.status()).isEqualTo(403);
        assertThat(second.body())
                .isEqualTo(
                        "{\"errorMessage\":\"State transition from RuntimeResponseSentState to InvocationResponse failed"
                                + " for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}\n");
        assertThat(runtime.post("invocation/id-1/error", "{}").body())
                .contains("RuntimeResponseSentState to InvocationErrorResponse");

        runtime.sendNext();
        session.awaitReady(soon());
        try (RawClient other = new RawClient(server.address())) {
            assertThat(other.respond("id-1", "3").status()).isEqualTo(400);
        }
    }

    @Test
    void case_r4_next_without_an_answer_gives_the_same_event_again() {
        dispatchAndTake("id-1");

        Reply again = runtime.next();
        assertThat(again.headers()).containsEntry("lambda-runtime-aws-request-id", "id-1");
        assertThat(again.body()).isEqualTo("event of id-1");
    }

    @Test
    void a_second_poll_is_refused_and_the_first_gets_the_event() throws Exception {
        runtime.sendNext();
        session.awaitReady(soon());
        try (RawClient second = new RawClient(server.address())) {
            Reply refused = second.next();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("State transition from Ready to Ready failed");
        }
        dispatch("id-1", "x");
        assertThat(runtime.reply().body()).isEqualTo("x");
    }

    @Test
    void a_poll_whose_client_has_hung_up_gives_way_to_the_next() throws Exception {
        runtime.sendNext();
        session.awaitReady(soon());
        runtime.close();
        try (RawClient again = new RawClient(server.address())) {
            again.sendNext();
            await("the first poll has given way").until(() -> threads.getCompletedTaskCount() == 1);
            RuntimeInvocation invocation = dispatch("id-1", "x");

            assertThat(again.reply().body()).isEqualTo("x");
            assertThat(again.respond("id-1", "{}").status()).isEqualTo(202);
            assertThat(text(replyTo(invocation))).isEqualTo("{}");
        }
    }

    @Test
    void an_event_that_went_to_a_client_that_has_hung_up_is_handed_out_again() throws Exception {
        runtime.sendNext();
        session.awaitReady(soon());
        runtime.close();
        dispatch("id-1", "x");
        await("the first poll has taken the event").until(() -> threads.getCompletedTaskCount() == 1);
        try (RawClient again = new RawClient(server.address())) {
            again.sendNext();

            assertThat(again.reply().body()).isEqualTo("x");
        }
    }

    @Test
    void a_poll_of_a_process_that_has_exited_takes_no_event() throws Exception {
        runtime.sendNext();
        session.awaitReady(soon());
        session.endPolls();
        RuntimeInvocation invocation = dispatch("id-1", "x");
        session.end();
        assertThat(runtime.isClosedByServer()).isTrue();
        assertThat(invocation.taken).isFalse();
    }

    @Test
    void case_r5_a_response_before_any_next_has_no_invocation() {
        assertThat(runtime.respond("id-1", "{}").status()).isEqualTo(400);
    }

    @Test
    void case_r6_the_limit_is_6291556_bytes_inclusive() throws Exception {
        byte[] most = new byte[InvokeResponse.MAX_BYTES];
        Arrays.fill(most, (byte) 'x');
        RuntimeInvocation first = dispatchAndTake("id-1");
        assertThat(runtime.post("invocation/id-1/response", "", most).status()).isEqualTo(202);
        assertThat(replyTo(first).payload()).isEqualTo(most);

        runtime.sendNext();
        RuntimeInvocation second = dispatchWhenReady("id-2");
        runtime.reply();
        Reply tooLarge = runtime.post("invocation/id-2/response", "", Arrays.copyOf(most, most.length + 1));
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.body())
                .isEqualTo("{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\","
                        + "\"errorType\":\"RequestEntityTooLarge\"}\n");
        assertThat(replyTo(second).isError()).isTrue();
        assertThat(text(second.reply))
                .isEqualTo(
                        "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size (6291556 bytes).\","
                                + "\"errorType\":\"Function.ResponseSizeTooLarge\"}");
        assertThat(runtime.post("invocation/id-2/error", "{}").status())
                .as("what AWS's Java client does next")
                .isEqualTo(403);
    }

    @Test
    void a_client_that_waits_for_leave_to_send_its_body_gets_it() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        String head = "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n" + runtime.host();
        runtime.send(head + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertThat(runtime.reply().status()).isEqualTo(100);
        runtime.send("abc");
        assertThat(runtime.reply().status()).isEqualTo(202);
        assertThat(text(replyTo(invocation))).isEqualTo("abc");
    }

    @Test
    void case_r8_an_unknown_response_mode_is_refused_and_its_caller_gets_an_empty_error() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        Reply refused = runtime.post(
                "invocation/id-1/response", "Lambda-Runtime-Function-Response-Mode: foo\r\n", "body".getBytes(UTF_8));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("Invalid function response mode", "InvalidFunctionResponseMode");
        assertThat(replyTo(invocation).isError()).isTrue();
        assertThat(invocation.reply.payload()).isEmpty();
    }

    @Test
    void case_r8_a_streamed_body_is_delivered_whole() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        assertThat(stream("id-1", "4;x=y\r\nabcd\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n")
                        .status())
                .isEqualTo(202);
        assertThat(text(replyTo(invocation))).isEqualTo("abcd0123456789abcdef");
        assertThat(invocation.reply.isError()).isFalse();
    }

    @Test
    void case_r8_trailers_say_that_a_stream_failed_half_way() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        String trailers =
                "Lambda-Runtime-Function-Error-Type: Function.X\r\nLambda-Runtime-Function-Error-Body: eyJhIjoxfQ==\r\n";
        stream("id-1", "4\r\nabcd\r\n0\r\n" + trailers + "\r\n");
        assertThat(text(replyTo(invocation))).isEqualTo("{\"a\":1}");
        assertThat(invocation.reply.isError()).isTrue();
    }

    @Test
    void a_broken_stream_is_a_truncated_response() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        Reply refused = stream("id-1", "4\r\nabcdefgh\r\n0\r\n\r\n");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("HTTP request detected as truncated", "TruncatedHTTPRequest");
        assertThat(text(replyTo(invocation))).contains("Runtime.TruncatedResponse");
    }

    @Test
    void a_connection_that_ends_within_a_response_is_a_truncated_response() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        runtime.send("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n" + runtime.host()
                + "Content-Length: 10\r\n\r\nabc");
        runtime.close();
        assertThat(text(replyTo(invocation))).contains("Runtime.TruncatedResponse");
        assertThat(invocation.reply.isError()).isTrue();
    }

    @Test
    void case_r9_an_error_is_handed_on_unchanged_whatever_its_bytes() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        byte[] any = {0, (byte) 0xff, '\n', '"'};
        Reply accepted =
                runtime.post("invocation/id-1/error", "Lambda-Runtime-Function-Error-Type: Function.Nice\r\n", any);
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.body()).isEqualTo(OK);
        assertThat(replyTo(invocation)).isEqualTo(new RuntimeReply(invocation.reply.payload(), true));
        assertThat(invocation.reply.payload()).isEqualTo(any);
    }

    @Test
    void case_r9_an_error_with_a_cause_is_reduced_to_the_known_fields() throws Exception {
        RuntimeInvocation first = dispatchAndTake("id-1");
        String filtered = "Content-Type: application/vnd.aws.lambda.error.cause+json\r\n";
        runtime.post(
                "invocation/id-1/error",
                filtered,
                "{\"cause\":1,\"stackTrace\":[\"a\"],\"errorType\":\"T\",\"errorMessage\":\"m\"}".getBytes(UTF_8));
        assertThat(text(replyTo(first)))
                .isEqualTo("{\"errorMessage\":\"m\",\"errorType\":\"T\",\"stackTrace\":[\"a\"]}");

        runtime.sendNext();
        RuntimeInvocation second = dispatchWhenReady("id-2");
        runtime.reply();
        runtime.post("invocation/id-2/error", filtered, "no json".getBytes(UTF_8));
        assertThat(text(replyTo(second))).isEqualTo("\"Invalid error body\"");
    }

    @Test
    void an_error_header_of_a_megabyte_of_raw_utf_8_is_accepted() throws Exception {
        RuntimeInvocation invocation = dispatchAndTake("id-1");
        String cause = "é".repeat(520_000);
        assertThat(runtime.post(
                                "invocation/id-1/error",
                                "Lambda-Runtime-Function-XRay-Error-Cause: " + cause + "\r\n",
                                "{}".getBytes(UTF_8))
                        .status())
                .isEqualTo(202);
        assertThat(text(replyTo(invocation))).isEqualTo("{}");
    }

    @Test
    void case_r10_init_error_is_for_before_the_first_next() throws Exception {
        assertThat(runtime.post("init/error", "{\"errorMessage\":\"m\"}").status())
                .isEqualTo(202);
        assertThat(session.awaitInitialized(soon())).isEqualTo(RuntimeSession.Waited.ENDED);
        assertThat(session.initError().document()).isEqualTo("{\"errorMessage\":\"m\"}".getBytes(UTF_8));

        assertThat(runtime.post("init/error", "{}").body()).contains("from InitError to InitError");
        assertThat(runtime.next().body()).contains("from InitError to Ready");
    }

    @Test
    void case_r10_after_the_first_next_init_error_is_refused() {
        dispatchAndTake("id-1");
        Reply refused = runtime.post("init/error", "{}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("State transition from Running to InitError failed");
    }

    @Test
    void other_paths_and_methods_are_refused_and_the_connection_goes_on() {
        assertThat(runtime.post("restore/error", "{}").status()).isEqualTo(404);
        assertThat(runtime.post("invocation/next", "{}").status()).isEqualTo(405);
        runtime.send("GET /2020-01-01/extension/register HTTP/1.1\r\n" + runtime.host() + "\r\n");
        assertThat(runtime.reply().status()).isEqualTo(404);
        runtime.send("GET /2018-06-01/ping HTTP/1.1\r\n" + runtime.host() + "\r\n");
        assertThat(runtime.reply().body()).isEqualTo("pong");
    }

    @Test
    void nonsense_and_heads_without_an_end_only_cost_their_own_connection() {
        for (String nonsense : new String[] {
            "\u0000\u0001\r\n\r\n",
            "GET / HTTP/1.1\r\n: x\r\n\r\n",
            "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
            "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
            "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(1_001),
            "GET / HTTP/1.1\r\nA: " + "x".repeat(HttpRequest.MAX_HEAD_BYTES)
        }) {
            try (RawClient bad = new RawClient(server.address())) {
                bad.send(nonsense);
                assertThat(bad.isClosedByServer()).isTrue();
            }
        }
        runtime.send("GET /2018-06-01/ping HTTP/1.0\r\n" + runtime.host() + "\r\n");
        assertThat(runtime.reply().headers()).containsEntry("connection", "close");
        assertThat(runtime.isClosedByServer()).isTrue();
    }

    private RuntimeInvocation dispatchAndTake(String id) {
        runtime.sendNext();
        RuntimeInvocation invocation = dispatch(id, "event of " + id);
        assertThat(runtime.reply().status()).isEqualTo(200);
        return invocation;
    }

    private RuntimeInvocation dispatchWhenReady(String id) throws InterruptedException {
        assertThat(session.awaitReady(soon())).isEqualTo(RuntimeSession.Waited.DONE);
        return dispatch(id, "event of " + id);
    }

    private Reply stream(String id, String chunks) {
        runtime.send("POST /2018-06-01/runtime/invocation/" + id + "/response HTTP/1.1\r\n" + runtime.host()
                + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        return runtime.reply();
    }
}
