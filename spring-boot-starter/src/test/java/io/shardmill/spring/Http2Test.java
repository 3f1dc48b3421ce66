package io.shardmill.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.function.StreamWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** HTTP/2 as clients speak it that close gracefully, send slowly, or leave; frame by frame. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class Http2Test {

    private static final String SHARD = "\"ShardId\":\"shardId-000000000000\"";
    private static final int LARGE = 300_000;

    @TempDir
    private Path folder;

    private ConfigurableApplicationContext application;
    private int port;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @BeforeEach
    void start() {
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "shardmill.data-dir=" + folder.resolve("data"),
                        "shardmill.streams.orders.shards=1")
                .run();
        port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private void put(String data) {
        application.getBean(StreamWriter.class).put("orders", PutEntry.of("k", data));
    }

    private static String member(String json, String name) {
        Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(member.find()).as(json).isTrue();
        return member.group(1);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** The request that reads all there is. */
    private String getRecords() throws IOException {
        try (Http2Frames client = new Http2Frames(port, LARGE)) {
            int stream = client.request(
                    "GetShardIterator",
                    "{\"StreamName\":\"orders\",\"ShardIteratorType\":\"TRIM_HORIZON\"," + SHARD + "}");
            return "{\"ShardIterator\":\"" + member(client.body(stream), "ShardIterator") + "\"}";
        }
    }

    private String subscription(String consumer) throws IOException {
        try (Http2Frames client = new Http2Frames(port, LARGE)) {
            String stream = client.body(client.request("DescribeStreamSummary", "{\"StreamName\":\"orders\"}"));
            String registered = client.body(client.request(
                    "RegisterStreamConsumer",
                    "{\"StreamARN\":\"" + member(stream, "StreamARN") + "\",\"ConsumerName\":\"" + consumer + "\"}"));
            return "{\"ConsumerARN\":\"" + member(registered, "ConsumerARN") + "\"," + SHARD
                    + ",\"StartingPosition\":{\"Type\":\"LATEST\"}}";
        }
    }

    @Test
    void a_response_arrives_whole_when_the_client_says_goaway_after_its_head() throws Exception {
        put("x".repeat(LARGE));
        try (Http2Frames client = new Http2Frames(port, 0)) {
            int stream = client.request("GetRecords", getRecords());
            client.await(Http2Frames.HEADERS, stream);
            client.goAway();
            client.roundTrip();
            client.allow(stream, 2 * LARGE);
            assertThat(client.body(stream)).contains(base64("x".repeat(LARGE))).endsWith("}");
        }
    }

    @Test
    void a_request_that_has_not_ended_is_served_when_the_client_says_goaway() throws Exception {
        try (Http2Frames client = new Http2Frames(port, LARGE)) {
            int stream = client.begin("ListStreams");
            client.goAway();
            client.roundTrip();
            client.send(Http2Frames.DATA, Http2Frames.END_STREAM, stream, "{}".getBytes(UTF_8));
            assertThat(client.body(stream)).contains("orders");
        }
    }

    @Test
    void a_subscription_goes_on_when_the_client_says_goaway() throws Exception {
        try (Http2Frames client = new Http2Frames(port, LARGE)) {
            int stream = client.request("SubscribeToShard", subscription("billing"));
            client.await(Http2Frames.HEADERS, stream);
            client.bodyUntil(stream, "initial-response");
            client.goAway();
            put("after the client's goodbye");
            String data = base64("after the client's goodbye");
            assertThat(client.bodyUntil(stream, data)).contains(data);
        }
    }

    /** Tomcat counts such frames as overhead, and closes the connection after a few. */
    @Test
    void hundreds_of_small_bodies_whose_end_follows_later_are_served_on_one_connection() throws Exception {
        try (Http2Frames client = new Http2Frames(port, LARGE)) {
            for (int i = 0; i < 300; i++) {
                int slow = client.begin("ListStreams");
                client.send(Http2Frames.DATA, 0, slow, "{}".getBytes(UTF_8));
                assertThat(client.body(client.request("ListStreams", "{}"))).contains("orders");
                client.send(Http2Frames.DATA, Http2Frames.END_STREAM, slow, new byte[0]);
                assertThat(client.body(slow)).contains("orders");
            }
        }
    }

    @Test
    void subscribers_that_leave_are_nothing_to_warn_of(CapturedOutput output) throws Exception {
        try (Http2Frames resetting = new Http2Frames(port, LARGE);
                Http2Frames closing = new Http2Frames(port, LARGE);
                Socket vanishing = http1(subscription("vanishing"))) {
            int reset = resetting.request("SubscribeToShard", subscription("resetting"));
            resetting.await(Http2Frames.HEADERS, reset);
            closing.await(Http2Frames.HEADERS, closing.request("SubscribeToShard", subscription("closing")));
            await().until(() -> subscriptions() == 3);
            resetting.reset(reset);
            vanishing.setSoLinger(true, 0);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            put("x".repeat(100_000));
            return subscriptions() == 0;
        });
        application.close(); // whatever the server's threads have to say is logged now
        assertThat(output).doesNotContain(" WARN ", " ERROR ");
    }

    private Socket http1(String subscription) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
                                + "X-Amz-Target: Kinesis_20131202.SubscribeToShard\r\nContent-Length: "
                                + subscription.length() + "\r\n\r\n" + subscription)
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    /** Threads that push records; those without a subscription are parked. */
    private static long subscriptions() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().startsWith("shardmill-aws-stream-"))
                .filter(each -> java.util.Arrays.stream(each.getValue())
                        .anyMatch(frame -> frame.getClassName().endsWith(".Subscription")))
                .count();
    }
}
