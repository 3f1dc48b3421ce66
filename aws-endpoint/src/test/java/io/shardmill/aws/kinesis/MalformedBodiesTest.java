package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.CBOR;
import static io.shardmill.aws.kinesis.KinesisEndpoint.JSON;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.aws.protocol.Wire;
import io.shardmill.poller.stream.Position;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JsonGenerator;

/** Bodies as no client of AWS's would send them. Whatever they are, nothing is stored and the answer is an error. */
class MalformedBodiesTest {

    private static final String RECORD = "{\"PartitionKey\":\"k\",\"Data\":\"eA==\"}";

    private final KinesisEndpoint endpoint = new KinesisEndpoint();

    @BeforeEach
    void create() {
        endpoint.streams.createStream(STREAM, 1);
    }

    @AfterEach
    void nothingIsStored() {
        assertThat(endpoint.streams
                        .read(STREAM, KinesisEndpoint.SHARD_0, Position.trimHorizon(), 10, 1_000)
                        .records())
                .isEmpty();
        endpoint.close();
    }

    private void refused(String errorCode, String action, String json) {
        HttpResponse<String> answer = endpoint.post(action, json);
        String shown = json.substring(0, Math.min(200, json.length()));
        assertThat(answer.statusCode()).as(shown).isEqualTo(400);
        assertThat(answer.body()).as(shown).startsWith("{\"__type\":\"" + errorCode + "\"");
        assertThat(answer.body()).as(shown).doesNotContain("Exception:").doesNotContain("\tat ");
        assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @Test
    @Timeout(60)
    void an_arn_of_colons_is_refused_at_once_in_awss_words() {
        String arn = "arn:aws" + ":kinesis:".repeat(226);
        for (int i = 0; i < 100; i++) {
            refused("ValidationException", "TagResource", "{\"Tags\":{\"a\":\"b\"},\"ResourceARN\":\"" + arn + "\"}");
            refused("ValidationException", "DescribeStreamConsumer", "{\"ConsumerARN\":\"" + arn + "\"}");
            refused("ValidationException", "DescribeStream", "{\"StreamARN\":\"" + arn + "\"}");
        }
        assertThat(endpoint.post("DescribeStream", "{\"StreamARN\":\"arn:aws:kinesis:x:y:000000000000:stream/a\"}")
                        .body())
                .contains("pattern: arn:aws.*:kinesis:.*:\\\\d{12}:stream/\\\\S+");
    }

    @Test
    void what_is_not_a_put_is_a_serialization_exception() {
        String deep = "[".repeat(5_000);
        for (String records : List.of(
                "1",
                "{}",
                "\"x\"",
                "[1]",
                "[null]",
                "[[]]",
                "[" + RECORD,
                "[" + RECORD + "}",
                "[{\"PartitionKey\":1,\"Data\":\"eA==\"}]",
                "[{\"PartitionKey\":\"k\",\"Data\":1}]",
                "[{\"PartitionKey\":\"k\",\"Data\":{}}]",
                "[{\"PartitionKey\":\"k\",\"Data\":\"ä\"}]",
                "[{\"PartitionKey\":\"k\",\"Data\":\"eA\"}]",
                "[{\"PartitionKey\":\"k\",\"Data\":\"eA==\",\"More\":" + deep + "}]")) {
            refused("SerializationException", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":" + records + "}");
        }
        for (String body :
                List.of("", "null", "[]", "{", "{\"Records\"", "{} {}", deep, "\u0000", "{\"" + "n".repeat(9_999))) {
            refused("SerializationException", "PutRecords", body);
            refused("SerializationException", "PutRecord", body);
            refused("SerializationException", "GetRecords", body);
        }
    }

    @Test
    void what_is_missing_is_a_validation_exception() {
        refused("ValidationException", "PutRecords", "{\"StreamName\":\"orders\"}");
        refused("ValidationException", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":null}");
        refused("ValidationException", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":[{}]}");
        refused(
                "ValidationException",
                "PutRecords",
                "{\"StreamName\":\"orders\",\"Records\":[" + RECORD + ",{\"Data\":\"\"}]}");
        refused("ValidationException", "PutRecord", "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\"}");
        refused("ValidationException", "GetRecords", "{}");
        refused("ValidationException", "GetShardIterator", "{\"StreamName\":\"orders\"}");
        refused("ValidationException", "SubscribeToShard", "{}");
        refused("InvalidArgumentException", "PutRecords", "{\"Records\":[" + RECORD + "]}");
    }

    @Test
    void a_half_surrogate_in_a_partition_key_is_refused() {
        refused(
                "InvalidArgumentException",
                "PutRecord",
                "{\"StreamName\":\"orders\",\"PartitionKey\":\"\\ud83d\",\"Data\":\"\"}");
    }

    @Test
    void a_name_that_cannot_be_written_is_shown_without_what_is_wrong_in_it() {
        HttpResponse<String> answer = endpoint.post("ListStreams", "{\"ExclusiveStartStreamName\":\"a\\ud83d\"}");
        assertThat(answer.body()).contains("ValidationException").contains("Value 'a?' at 'exclusiveStartStreamName'");
    }

    @Test
    void more_records_than_allowed_are_counted_and_not_kept() {
        String records = "{},".repeat(4_000) + "{}";
        HttpResponse<String> answer = endpoint.post("PutRecords", "{\"Records\":[" + records + "]}");
        assertThat(answer.body()).contains("Value '[4001 members]' at 'records'");
        refused("SerializationException", "PutRecords", "{\"Records\":[" + "{},".repeat(100_000) + "{}]}");
    }

    @Test
    void lengths_that_are_only_claimed_take_no_memory() {
        // {"Data": a string of bytes, a text, a list and a map of 2^31 - 1 and more
        for (int type : new int[] {0x5A, 0x7A, 0x9A, 0xBA, 0x5B, 0x7B, 0x9B, 0xBB}) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.write(0xA1);
            body.write(0x64);
            body.writeBytes("Data".getBytes(StandardCharsets.UTF_8));
            body.write(type);
            body.writeBytes(new byte[] {0x7F, -1, -1, -1, -1, -1, -1, -1});
            refusedCbor(body.toByteArray());
        }
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);
        deep[0] = (byte) 0xA1;
        refusedCbor(deep);
    }

    @Test
    void a_cbor_body_cut_anywhere_or_changed_anywhere_is_no_failure_of_ours() {
        byte[] whole = cborPut();
        for (int length = 0; length < whole.length; length++) {
            refusedCbor(Arrays.copyOf(whole, length));
        }
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            assertThat(endpoint.post("PutRecords", CBOR, changed).statusCode()).isNotEqualTo(500);
        }
    }

    /** To a stream that is not there, so that it is refused even if it should be well-formed. */
    private static byte[] cborPut() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator body = Wire.CBOR.generator(out)) {
            body.writeStartObject();
            body.writeStringProperty("StreamName", "nowhere");
            body.writeArrayPropertyStart("Records");
            body.writeStartObject();
            body.writeStringProperty("PartitionKey", "k");
            body.writeBinaryProperty("Data", new byte[] {1, 2, 3});
            body.writeEndObject();
            body.writeEndArray();
            body.writeEndObject();
        }
        return out.toByteArray();
    }

    private void refusedCbor(byte[] body) {
        HttpResponse<String> answer = endpoint.post("PutRecords", CBOR, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("SerializationException");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith(CBOR);
    }

    @Test
    void an_unknown_content_type_is_read_as_json() {
        HttpResponse<String> answer = endpoint.post("ListStreams", "text/plain", "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.body()).contains("\"StreamNames\":[\"orders\"]");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith(JSON);
    }
}
