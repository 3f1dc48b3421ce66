package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.function.PutEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A subscriber that goes without a word is nothing unusual. */
class VanishedSubscriberTest {

    private static final String THREADS = "shardmill-aws-stream-";

    private final KinesisEndpoint endpoint = new KinesisEndpoint();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.shardmill.aws");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private String consumer = "";

    @BeforeEach
    void register() {
        endpoint.streams.createStream(STREAM, 1);
        consumer = endpoint.streams
                .consumers()
                .register(STREAM, "billing", Map.of())
                .arn();
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void close() {
        logger.detachAppender(logged);
        endpoint.close();
    }

    @Test
    void its_subscription_is_gone_soon_and_nothing_is_logged_as_an_error() throws Exception {
        await().until(() -> streaming() == 0);
        try (Socket socket = subscribe()) {
            await().until(() -> streaming() == 1);
            socket.setSoLinger(true, 0);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            endpoint.streams.put(STREAM, PutEntry.of("k", "x".repeat(100_000)));
            return streaming() == 0;
        });
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    private Socket subscribe() throws IOException {
        String body = "{\"ConsumerARN\":\"" + consumer + "\",\"ShardId\":\"" + SHARD_0
                + "\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}";
        Socket socket = new Socket(endpoint.uri().getHost(), endpoint.uri().getPort());
        socket.getOutputStream()
                .write(("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + KinesisEndpoint.JSON
                                + "\r\nX-Amz-Target: Kinesis_20131202.SubscribeToShard\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        assertThat(in.read()).isEqualTo('H');
        return socket;
    }

    /** Threads that answer a subscriber; those in the pool without work are parked. */
    private static long streaming() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().startsWith(THREADS))
                .filter(each -> java.util.Arrays.stream(each.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(Subscription.class.getName())))
                .count();
    }
}
