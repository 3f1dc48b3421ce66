package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** There are as many subscriptions as there is memory for their events. */
class SubscriptionLimitTest {

    private static final RequestHead HEAD = new RequestHead(
            "POST", "/", "/", Map.of(), Map.of("x-amz-target", List.of("Kinesis_20131202.SubscribeToShard")));

    private final SettableClock clock = new SettableClock();
    private final EmbeddedStreams streams = EmbeddedStreams.temporary(clock);
    private final KinesisService service =
            new KinesisService(streams, new KinesisSettings(clock, false, false), 1 << 20);

    @BeforeEach
    void put() {
        streams.createStream(STREAM, 1);
        streams.put(STREAM, PutEntry.of("key", "x"));
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private String register(String name) {
        return streams.consumers().register(STREAM, name, Map.of()).arn();
    }

    private AwsResponse subscribe(String consumer) {
        String body = "{\"ConsumerARN\":\"" + consumer + "\",\"ShardId\":\"" + SHARD_0
                + "\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}";
        return Objects.requireNonNull(service.route(HEAD))
                .answer(new AwsRequest(HEAD, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static AwsResponse.Body body(AwsResponse answer) {
        return ((AwsResponse.Streamed) answer).body();
    }

    private static void assertRefused(AwsResponse answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(new String(((AwsResponse.Whole) answer).body(), StandardCharsets.UTF_8))
                .contains("LimitExceededException")
                .contains("There are 2 subscriptions already, as many as can be.");
    }

    @Test
    void one_too_many_is_refused_and_ends_none_that_runs() {
        AwsResponse.Body first = body(subscribe(register("a")));
        String b = register("b");
        body(subscribe(b));
        assertRefused(subscribe(register("c")));
        clock.advance(Duration.ofSeconds(6));
        assertRefused(subscribe(b));
        assertSends(first);
    }

    @Test
    void one_that_is_never_written_or_whose_client_has_gone_makes_room_for_another() {
        for (int i = 0; i < 5; i++) {
            body(subscribe(register("dropped-" + i))).drop();
            assertSends(body(subscribe(register("gone-" + i))));
        }
        subscribe(register("a"));
        body(subscribe(register("b"))).drop();
        body(subscribe(register("c"))).drop();
    }

    /** Until its client goes, at its second message: the first event. */
    private static void assertSends(AwsResponse.Body body) {
        Gone gone = new Gone();
        assertThatThrownBy(() -> body.writeTo(gone)).isExactlyInstanceOf(IOException.class);
        assertThat(gone.messages).isEqualTo(2);
    }

    private static final class Gone extends OutputStream {

        private int messages;

        @Override
        public void write(int each) {}

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (++messages == 2) {
                throw new IOException("gone");
            }
        }
    }
}
