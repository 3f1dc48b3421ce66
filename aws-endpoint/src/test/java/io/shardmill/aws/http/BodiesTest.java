package io.shardmill.aws.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much of a body is taken, from whom, and for how long. */
@Timeout(120)
class BodiesTest {

    private final EchoService service = new EchoService();
    private final HttpClient client = HttpClient.newHttpClient();
    private EndpointServer server = serverWith(EndpointSettings.defaults());

    private EndpointServer serverWith(EndpointSettings settings) {
        return new EndpointServer(new AwsEndpoint(List.of(service), settings));
    }

    private void restart(EndpointSettings settings) {
        server.close();
        server = serverWith(settings);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<byte[]> post(String path, HttpRequest.BodyPublisher body, HttpClient.Version version)
            throws IOException, InterruptedException {
        URI uri = server.uri().resolve(path);
        return client.send(
                HttpRequest.newBuilder(uri).version(version).POST(body).build(), BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static HttpRequest.BodyPublisher chunked(int length) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[length]));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void arrive_as_they_were_sent_up_to_the_longest_there_may_be(HttpClient.Version version) throws Exception {
        post("/echo", BodyPublishers.noBody(), version);
        for (int length : new int[] {0, 1, 32 << 10, (32 << 10) + 1, 100_000, EchoService.MOST}) {
            byte[] body = new byte[length];
            new java.util.Random(length).nextBytes(body);
            assertThat(post("/echo", BodyPublishers.ofByteArray(body), version).body())
                    .isEqualTo(body);
            assertThat(post("/echo", BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body)), version)
                            .body())
                    .isEqualTo(body);
        }
        assertThat(service.answered).hasSize(13);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void longer_ones_are_refused_whether_they_say_so_or_not(HttpClient.Version version) throws Exception {
        int longer = EchoService.MOST + 1;
        post("/none", BodyPublishers.noBody(), version);
        for (HttpRequest.BodyPublisher body :
                List.of(BodyPublishers.ofByteArray(new byte[longer]), chunked(longer), chunked(5 << 20))) {
            HttpResponse<byte[]> response = post("/echo", body, version);
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(text(response))
                    .startsWith("RequestEntityTooLargeException: ")
                    .contains("" + EchoService.MOST);
        }
        assertThat(service.answered).isEmpty();
    }

    @Test
    void without_end_are_cut_off_after_an_answer() throws Exception {
        try (RawClient raw = new RawClient(server.uri())) {
            raw.send("POST /echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n");
            byte[] chunk =
                    ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            assertThatIOException().isThrownBy(() -> {
                while (true) {
                    raw.send(chunk);
                }
            });
        }
        assertThat(service.answered).isEmpty();
    }

    @Test
    void that_are_slow_hold_no_thread_and_end_in_time() throws Exception {
        restart(EndpointSettings.defaults().withBodyTimeout(Duration.ofSeconds(5)));
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 400; i++) {
                slow.add(new RawClient(server.uri())
                        .send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 1000000\n\nx"));
            }
            assertThat(post("/echo", BodyPublishers.ofString("good"), HttpClient.Version.HTTP_1_1)
                            .statusCode())
                    .isEqualTo(200);
            List<RawClient> waiting = new ArrayList<>(slow);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (RawClient each : List.copyOf(waiting)) {
                    if (answers(each)) {
                        assertThat(each.receive()).startsWith("HTTP/1.1 408").contains("RequestTimeoutException");
                        waiting.remove(each);
                    }
                }
                return waiting.isEmpty();
            });
        } finally {
            for (RawClient each : slow) {
                each.close();
            }
        }
        assertThat(service.answered).hasSize(1);
    }

    /** Whether it has its answer; if not, it sends a little more. */
    private static boolean answers(RawClient slow) throws IOException {
        if (slow.hasAnswer()) {
            return true;
        }
        slow.send("y");
        return false;
    }

    @Test
    void all_together_take_no_more_memory_than_there_is_for_them() throws Exception {
        restart(EndpointSettings.defaults().withBodyMemory(300_000));
        try (RawClient holder = await().until(this::holder, Objects::nonNull)) {
            assertThat(post("/echo", BodyPublishers.ofByteArray(new byte[30_000]), HttpClient.Version.HTTP_1_1)
                            .statusCode())
                    .as("short ones have room of their own")
                    .isEqualTo(200);
            holder.send(new byte[10_000]);
            assertThat(holder.receive()).startsWith("HTTP/1.1 200");
        }
        for (int i = 0; i < 20; i++) {
            assertThat(post("/echo", BodyPublishers.ofByteArray(new byte[100_000]), HttpClient.Version.HTTP_1_1)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** Returns who holds so much that a body is refused; null if the body was faster, and took what the holder needs. */
    private @Nullable RawClient holder() throws Exception {
        RawClient holder = new RawClient(server.uri());
        holder.send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 140000\n\n")
                .send(new byte[130_000]);
        HttpResponse<byte[]> response =
                post("/echo", BodyPublishers.ofByteArray(new byte[100_000]), HttpClient.Version.HTTP_1_1);
        if (response.statusCode() == 200 || holder.hasAnswer()) {
            holder.close();
            return null;
        }
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(text(response)).startsWith("ServiceUnavailable: ");
        return holder;
    }

    /** Over HTTP/2 a client can begin hundreds on one connection. */
    @Test
    void many_on_one_connection_leave_room_for_those_on_others() throws Exception {
        restart(EndpointSettings.defaults().withBodyMemory(300_000));
        HttpClient greedy =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        greedy.send(HttpRequest.newBuilder(server.uri().resolve("/none")).build(), BodyHandlers.discarding());
        List<PipedOutputStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                PipedOutputStream unfinished = new PipedOutputStream();
                PipedInputStream body = new PipedInputStream(unfinished, 32 << 10);
                unfinished.write(new byte[20_000]);
                unfinished.flush();
                open.add(unfinished);
                greedy.sendAsync(
                        HttpRequest.newBuilder(server.uri().resolve("/echo"))
                                .POST(BodyPublishers.ofInputStream(() -> body))
                                .build(),
                        BodyHandlers.ofString());
            }
            await("all that is not for beginnings is taken")
                    .until(() ->
                            post("/echo", BodyPublishers.ofByteArray(new byte[100_000]), HttpClient.Version.HTTP_1_1)
                                            .statusCode()
                                    == 503);
            for (int i = 0; i < 20; i++) {
                assertThat(post("/echo", BodyPublishers.ofByteArray(new byte[30_000]), HttpClient.Version.HTTP_1_1)
                                .statusCode())
                        .isEqualTo(200);
            }
        } finally {
            for (PipedOutputStream each : open) {
                each.close();
            }
        }
    }

    @Test
    void of_clients_that_go_away_take_no_memory() throws Exception {
        restart(EndpointSettings.defaults().withBodyMemory(300_000));
        for (int i = 0; i < 20; i++) {
            try (RawClient gone = new RawClient(server.uri())) {
                gone.send("POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 140000\n\n")
                        .send(new byte[130_000]);
            }
        }
        await().untilAsserted(() -> assertThat(
                        post("/echo", BodyPublishers.ofByteArray(new byte[150_000]), HttpClient.Version.HTTP_1_1)
                                .statusCode())
                .isEqualTo(200));
    }

    @Test
    void a_query_that_is_not_encoded_is_the_clients_fault() throws Exception {
        try (RawClient raw = new RawClient(server.uri())) {
            raw.send("POST /echo?a=%zz HTTP/1.1\nHost: localhost\nContent-Length: 1\n\nx");
            assertThat(raw.receive()).startsWith("HTTP/1.1 400").contains("MalformedQueryString");
        }
    }

    @Test
    void what_a_service_did_not_expect_is_an_internal_failure() throws Exception {
        HttpResponse<byte[]> response =
                post("/echo/failing", BodyPublishers.ofString("secret"), HttpClient.Version.HTTP_1_1);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response)).startsWith("InternalFailure: ").doesNotContain("a fault");
    }

    @Test
    void what_is_for_no_service_passes() throws Exception {
        try (RawClient raw = new RawClient(server.uri())) {
            raw.send("POST /other?a=%zz HTTP/1.1\nHost: evil.example\nContent-Length: 1\n\nx");
            assertThat(raw.receive()).startsWith("HTTP/1.1 405");
        }
    }

    @Test
    void another_method_or_an_absolute_uri_is_the_services_business() throws Exception {
        try (RawClient raw = new RawClient(server.uri())) {
            raw.send("HEAD /echo HTTP/1.1\nHost: localhost\n\n");
            assertThat(raw.receive()).startsWith("HTTP/1.1 200");
            raw.send("PUT http://localhost/echo/x%3Ay?q=1 HTTP/1.1\nHost: localhost\nContent-Length: 1\n\nx");
            assertThat(raw.receive()).startsWith("HTTP/1.1 200");
        }
        assertThat(service.answered.get(1).head().path()).isEqualTo("/echo/x%3Ay");
    }
}
