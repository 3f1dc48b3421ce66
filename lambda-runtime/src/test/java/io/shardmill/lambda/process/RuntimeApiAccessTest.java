package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.process.RawClient.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody but the function may read its events or answer for it: no page in a browser, no other user of the machine. */
@Timeout(60)
class RuntimeApiAccessTest {

    private static final Path TABLES = Path.of("/proc/net");

    /** What curl says of an empty reply, and of a reset. */
    private static final String CUT_OFF = "exit (52|56)$";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final RuntimeSession session = new RuntimeSession();
    private long uid;
    private LoopbackServer server;
    private RawClient runtime;

    @BeforeEach
    void start() throws IOException {
        uid = ProcessStatus.ownUid();
        server = new LoopbackServer(threads, new PeerCheck(TABLES, uid), new RuntimeApi(session));
        runtime = new RawClient(server.address());
    }

    @AfterEach
    void stop() throws InterruptedException {
        session.end();
        runtime.close();
        server.close();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private RuntimeInvocation invokeAndTake() {
        runtime.sendNext();
        RuntimeInvocation invocation = dispatch();
        assertThat(runtime.reply().body()).isEqualTo("secret");
        return invocation;
    }

    private RuntimeInvocation dispatch() {
        RuntimeInvocation invocation = new RuntimeInvocation(
                new InvokeRequest("id-1", "secret".getBytes(UTF_8), null, InvokeRequest.Context.NONE), "arn", 1);
        session.dispatch(invocation);
        return invocation;
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example\r\n",
                "Host: localhost:${port}\r\n",
                "Host: 127.0.0.1\r\n",
                "Host: 127.0.0.1:${port}\r\nHost: evil.example\r\n",
                "Host: 127.0.0.1:${port}\r\nOrigin: http://evil.example\r\n",
                "Host: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\n",
                "Host: 127.0.0.1:${port}\r\nSec-Fetch-Site: same-origin\r\n",
                "Host: 127.0.0.1:${port}\r\nSec-Fetch-Mode: cors\r\n",
                "X: no host\r\n"
            })
    void what_a_browser_may_send_is_refused_and_the_invocation_goes_on(String headers) throws Exception {
        RuntimeInvocation invocation = invokeAndTake();
        String port = server.address().replaceFirst(".*:", "");
        try (RawClient browser = new RawClient(server.address())) {
            browser.send(
                    "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n" + headers.replace("${port}", port) + "\r\n");
            assertThat(isRefused(browser)).isTrue();
        }
        try (RawClient browser = new RawClient(server.address())) {
            browser.send("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n"
                    + headers.replace("${port}", port) + "Content-Length: 2\r\n\r\n{}");
            assertThat(isRefused(browser)).isTrue();
        }
        assertThat(invocation.reply).isNull();
        assertThat(runtime.respond("id-1", "true").status()).isEqualTo(202);
        assertThat(session.awaitReply(invocation, soon())).isEqualTo(RuntimeSession.Waited.DONE);
        assertThat(new String(invocation.reply.payload(), UTF_8)).isEqualTo("true");
    }

    /** Answered with 403, or cut off. */
    private static boolean isRefused(RawClient client) {
        try {
            Reply reply = client.reply();
            assertThat(reply.body()).doesNotContain("secret");
            return reply.status() == 403 && client.isClosedByServer();
        } catch (UncheckedIOException cutOff) {
            if (cutOff.getCause() instanceof SocketTimeoutException) {
                throw cutOff;
            }
            return true;
        }
    }

    /** With or without rights, we are strangers to a function of another user. */
    @Test
    void another_users_function_hears_and_tells_us_nothing() throws Exception {
        try (LoopbackServer others =
                new LoopbackServer(threads, new PeerCheck(TABLES, uid + 1), new RuntimeApi(session))) {
            RuntimeInvocation invocation = invokeAndTake();
            try (RawClient stranger = new RawClient(others.address())) {
                stranger.sendNext();
                assertThat(isRefused(stranger)).isTrue();
            }
            try (RawClient stranger = new RawClient(others.address())) {
                stranger.send("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n" + stranger.host()
                        + "Content-Length: 2\r\n\r\n{}");
                assertThat(isRefused(stranger)).isTrue();
            }
            assertThat(invocation.reply).isNull();
            assertThat(runtime.respond("id-1", "true").status()).isEqualTo(202);
        }
    }

    @Test
    void strangers_dont_displace_the_poll_of_an_idle_function() throws Exception {
        runtime.sendNext();
        assertThat(session.awaitReady(soon())).isEqualTo(RuntimeSession.Waited.DONE);
        try (LoopbackServer others =
                        new LoopbackServer(threads, new PeerCheck(TABLES, uid + 1), new RuntimeApi(session));
                RawClient stranger = new RawClient(others.address())) {
            stranger.sendNext();
            assertThat(isRefused(stranger)).isTrue();
        }
        dispatch();
        assertThat(runtime.reply().body()).isEqualTo("secret");
    }

    /** Where we may become another user, a real one tries; elsewhere we try as our own user, which must be let in. */
    @Test
    void a_process_of_another_user_gets_no_event_and_cant_answer() throws Exception {
        RuntimeInvocation invocation = invokeAndTake();
        String next = curl("http://" + server.address() + "/2018-06-01/runtime/invocation/next");
        String response =
                curl("-d", "{}", "http://" + server.address() + "/2018-06-01/runtime/invocation/id-1/response");
        if (uid == 0) {
            assertThat(next).doesNotContain("secret").containsPattern(CUT_OFF);
            assertThat(response).doesNotContain("OK").containsPattern(CUT_OFF);
            assertThat(invocation.reply).isNull();
            assertThat(runtime.respond("id-1", "true").status()).isEqualTo(202);
        } else {
            assertThat(next).contains("secret");
            assertThat(response).contains("OK");
        }
        assertThat(session.awaitReply(invocation, soon())).isEqualTo(RuntimeSession.Waited.DONE);
    }

    /** As nobody, if we are root. */
    private String curl(String... arguments) throws Exception {
        List<String> asNobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        List<String> command = new ArrayList<>(uid == 0 ? asNobody : List.of());
        command.addAll(List.of("curl", "-sS", "-m", "10"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return output + "\nexit " + process.waitFor();
    }
}
