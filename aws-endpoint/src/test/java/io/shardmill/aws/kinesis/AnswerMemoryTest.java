package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.poller.stream.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that nobody reads must not fill the heap. */
class AnswerMemoryTest {

    private static final int MEBIBYTE = 1 << 20;
    private static final RequestHead HEAD =
            new RequestHead("POST", "/", "/", Map.of(), Map.of("x-amz-target", List.of("Kinesis_20131202.GetRecords")));

    private final SettableClock clock = new SettableClock();
    private final EmbeddedStreams streams = EmbeddedStreams.temporary(clock);
    private final KinesisService service =
            new KinesisService(streams, new KinesisSettings(clock, false, false), 8 * MEBIBYTE);

    @BeforeEach
    void put() {
        streams.createStream(STREAM, 1);
        for (int i = 0; i < 12; i++) {
            streams.put(STREAM, PutEntry.of("key", "x".repeat(1_000_000)));
        }
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private AwsResponse getRecords() {
        StreamInfo stream = streams.describe(STREAM);
        String token = new ShardIterator(clock.millis(), STREAM, stream.incarnation(), SHARD_0, Position.trimHorizon())
                .token();
        byte[] body = ("{\"ShardIterator\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(service.route(HEAD)).answer(new AwsRequest(HEAD, body));
    }

    private static int sentRecords(AwsResponse answer) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ((AwsResponse.Written) answer).content().writeTo(sent);
        return sent.toString(StandardCharsets.UTF_8).split("PartitionKey", -1).length - 1;
    }

    @Test
    void while_answers_are_not_sent_others_hold_fewer_records_until_one_is_refused() throws Exception {
        List<AwsResponse> unsent = new ArrayList<>();
        AwsResponse next = getRecords();
        while (next instanceof AwsResponse.Written) {
            unsent.add(next);
            next = getRecords();
        }
        assertThat(next.status()).isEqualTo(400);
        assertThat(new String(((AwsResponse.Whole) next).body(), StandardCharsets.UTF_8))
                .contains("ProvisionedThroughputExceededException");
        int held = 0;
        for (AwsResponse each : unsent) {
            int records = sentRecords(each);
            assertThat(records).isPositive();
            held += records;
        }
        assertThat(held).isEqualTo(8);
        assertThat(sentRecords(getRecords())).isEqualTo(4);
    }

    @Test
    void an_answer_whose_client_has_gone_holds_nothing_any_more() throws Exception {
        for (int i = 0; i < 50; i++) {
            AwsResponse.Content content = ((AwsResponse.Written) getRecords()).content();
            assertThatThrownBy(() -> content.writeTo(new Gone())).isExactlyInstanceOf(IOException.class);
        }
        assertThat(sentRecords(getRecords())).isEqualTo(4);
    }

    private static final class Gone extends OutputStream {

        @Override
        public void write(int each) throws IOException {
            throw new IOException("gone");
        }
    }
}
