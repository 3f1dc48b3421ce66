package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packaged server answers to requests that no client of its would send. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedRequestsIT {

    private static final String HOST = "Host: localhost";
    private static final String LIST_STREAMS = "X-Amz-Target: Kinesis_20131202.ListStreams";
    private static final String JSON = "Content-Type: application/x-amz-json-1.1";

    @TempDir
    private static Path folder;

    private ServerProcess server;
    private URI uri;

    @BeforeAll
    void start() {
        server = new ServerProcess(folder);
        uri = server.uri();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void nothing_of_it_is_logged() {
        assertThat(server.console()).doesNotContain(" WARN ", "ERROR", "Exception", "\tat ");
    }

    private String answerTo(String requestLine, String... headers) throws IOException {
        return answerTo(requestLine, "", headers);
    }

    private String answerTo(String requestLine, String body, String[] headers) throws IOException {
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(60_000);
            String request = requestLine + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                    + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String kinesis(String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        all[0] = JSON;
        System.arraycopy(headers, 0, all, 1, headers.length);
        return answerTo("POST /", "{}", all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health/..;/env",
                "/actuator/health/..;a=b/shardmill",
                "/actuator/..;/",
                "/actuator;/health",
                "/actuator/health;x",
                "/actuator%2Fhealth",
                "/actuator%2fhealth",
                "/actuator%5Chealth",
                "//actuator/health",
                "/actuator//health",
                "/actuator/%2e%2e/actuator/health",
                "/actuator/.%2e/actuator/health",
                "/actuator/health%25",
                "/error",
                "/error/",
                "/error?a=b",
                "/nothing"
            })
    void a_path_that_is_ambiguous_or_nobodys_is_not_found(String path) throws IOException {
        assertThat(answerTo("GET " + path, HOST)).startsWith("HTTP/1.1 404").doesNotContain("UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health/%00", "/../actuator/env"})
    void a_path_that_is_none_is_a_bad_request(String path) throws IOException {
        assertThat(answerTo("GET " + path, HOST)).startsWith("HTTP/1.1 400").doesNotContain("UP");
    }

    @Test
    void the_error_page_takes_no_post() throws IOException {
        assertThat(answerTo("POST /error", HOST, "Content-Length: 0")).startsWith("HTTP/1.1 404");
    }

    @Test
    void an_ambiguous_path_of_an_aws_interface_is_refused_as_aws_refuses() throws IOException {
        assertThat(answerTo("GET /2015-03-31/functions/a%2Fb", HOST))
                .startsWith("HTTP/1.1 400")
                .containsIgnoringCase("x-amzn-errortype: ValidationException");
    }

    @Test
    void a_trace_repeats_nothing() throws IOException {
        assertThat(answerTo("TRACE /", HOST, "X-Secret: repeated"))
                .startsWith("HTTP/1.1 405")
                .doesNotContain("repeated");
        assertThat(answerTo("TRACE /actuator/health", HOST, "X-Secret: repeated"))
                .startsWith("HTTP/1.1 405")
                .doesNotContain("repeated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Target: Kinesis_20131202.DeleteStream",
                "Authorization: AWS4-HMAC-SHA256 a\r\nAuthorization: AWS4-HMAC-SHA256 b",
                "X-Amz-Date: 20261128T000000Z\r\nX-Amz-Date: 20261129T000000Z",
                "Content-Type: application/x-amz-cbor-1.1"
            })
    void a_header_that_decides_is_not_taken_twice(String second) throws IOException {
        assertThat(kinesis(HOST, LIST_STREAMS, "Content-Length: 2", second))
                .startsWith("HTTP/1.1 400")
                .contains("\"__type\":\"ValidationException\"", "is repeated");
    }

    @Test
    void two_hosts_or_two_lengths_are_a_bad_request() throws IOException {
        assertThat(kinesis(HOST, LIST_STREAMS, "Content-Length: 2", HOST)).startsWith("HTTP/1.1 400");
        assertThat(kinesis(HOST, LIST_STREAMS, "Content-Length: 2", "Content-Length: 3"))
                .startsWith("HTTP/1.1 400");
        assertThat(kinesis(HOST, LIST_STREAMS, "Content-Length: 2", "Transfer-Encoding: chunked"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void a_huge_host_is_refused() throws IOException {
        assertThat(kinesis("Host: " + "x".repeat(100_000), LIST_STREAMS, "Content-Length: 2"))
                .startsWith("HTTP/1.1 431");
        assertThat(kinesis("Host: " + "x".repeat(4_000), LIST_STREAMS, "Content-Length: 2"))
                .startsWith("HTTP/1.1 403");
    }
}
