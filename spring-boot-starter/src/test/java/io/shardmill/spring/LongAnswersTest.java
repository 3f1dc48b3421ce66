package io.shardmill.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsError;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Answers that take as long as silent clients are borne with, or twice as long, on Jetty. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongAnswersTest {

    private static final int TIMEOUT_SECONDS = 2;
    private static final int MANY = 60;
    private static final String ANSWER = "{\"done\":true}";

    @TempDir
    private static Path folder;

    private ConfigurableApplicationContext application;
    private int port;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        @Order(0)
        AwsService slow() {
            return new Slow();
        }
    }

    /** Answers a Kinesis action that there isn't after as many seconds as the body says. */
    private static final class Slow implements AwsService, AwsService.Route {

        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public String signingName() {
            return "kinesis";
        }

        @Override
        public @Nullable Route route(RequestHead head) {
            return "Kinesis_20131202.Slow".equals(head.header("x-amz-target")) ? this : null;
        }

        @Override
        public int maxBodyBytes() {
            return 1_000;
        }

        @Override
        public AwsResponse answer(AwsRequest request) {
            try {
                never.await(Long.parseLong(new String(request.body(), UTF_8)), TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return new AwsResponse.Whole(200, Map.of("Content-Type", "application/json"), ANSWER.getBytes(UTF_8));
        }

        @Override
        public AwsResponse.Whole refuse(RequestHead head, AwsError error) {
            return new AwsResponse.Whole(error.status(), Map.of(), new byte[0]);
        }
    }

    @BeforeAll
    void start() {
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "server.jetty.connection-idle-timeout=" + TIMEOUT_SECONDS + "s",
                        "shardmill.data-dir=" + folder.resolve("data"))
                .run();
        port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private Socket http1(String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Kinesis_20131202.Slow\r\n"
                                + "Content-Length: 1\r\n\r\n" + body)
                        .getBytes(UTF_8));
        return socket;
    }

    private static void close(List<? extends AutoCloseable> connections) throws Exception {
        for (AutoCloseable connection : connections) {
            connection.close();
        }
    }

    @Test
    void over_http_1_none_is_lost_and_the_connection_is_closed_when_it_is_idle_again() throws Exception {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            clients.add(http1(String.valueOf(TIMEOUT_SECONDS * (1 + i % 2))));
        }
        int whole = 0;
        for (Socket client : clients) {
            InputStream in = client.getInputStream();
            whole += new String(in.readAllBytes(), UTF_8).endsWith(ANSWER) ? 1 : 0; // until the server closes it
        }
        close(clients);
        assertThat(whole).isEqualTo(MANY);
    }

    @Test
    void over_http_1_a_body_that_comes_to_a_stop_is_still_cut_off() throws Exception {
        try (Socket client = http1("")) {
            assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
                    .doesNotContain(ANSWER);
        }
    }

    @Test
    void over_http_2_none_is_lost() throws Exception {
        assertThat(answersOverHttp2(false)).containsOnly(ANSWER).hasSize(MANY);
    }

    @Test
    void over_http_2_none_is_lost_after_the_client_has_said_goaway() throws Exception {
        assertThat(answersOverHttp2(true)).containsOnly(ANSWER).hasSize(MANY);
    }

    private List<String> answersOverHttp2(boolean goAway) throws Exception {
        List<Http2Frames> clients = new ArrayList<>();
        for (int i = 0; i < MANY / 2; i++) {
            Http2Frames client = new Http2Frames(port, 1 << 16);
            clients.add(client);
            client.request("Slow", String.valueOf(TIMEOUT_SECONDS));
            client.request("Slow", String.valueOf(2 * TIMEOUT_SECONDS));
            if (goAway) {
                client.goAway();
            }
        }
        List<String> answers = new ArrayList<>();
        for (Http2Frames client : clients) {
            answers.add(client.body(1));
            answers.add(client.body(3));
        }
        close(clients);
        return answers;
    }

    @Test
    void over_http_2_a_body_that_comes_to_a_stop_is_cut_off_beside_a_request_in_progress() throws Exception {
        try (Http2Frames client = new Http2Frames(port, 1 << 16)) {
            int slow = client.request("Slow", String.valueOf(3 * TIMEOUT_SECONDS));
            int stopped = client.begin("Slow");
            assertThat(client.next(stopped).type()).isIn(Http2Frames.HEADERS, Http2Frames.RST_STREAM);
            assertThat(client.body(slow)).isEqualTo(ANSWER);
        }
    }
}
