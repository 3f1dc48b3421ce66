package io.shardmill.kafka;

import static io.shardmill.kafka.DiscardedBatches.bytes;
import static io.shardmill.kafka.DiscardedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.Record;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.KafkaInvocationRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DiscardedRecordTest {

    private static ProducerRecord<byte[], byte[]> written(Record record) {
        return DiscardedRecord.of(DiscardedBatches.of(record), "failed");
    }

    private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
        List<String> texts = new ArrayList<>();
        record.headers()
                .forEach(header -> texts.add(header.key() + "="
                        + (header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8))));
        return texts;
    }

    @Test
    void has_the_key_and_lambdas_document_and_goes_where_the_key_goes() {
        ProducerRecord<byte[], byte[]> written = written(record(17, "k", "v"));

        assertThat(written.topic()).isEqualTo("failed");
        assertThat(written.partition()).isNull();
        assertThat(written.timestamp()).isNull();
        assertThat(written.key()).isEqualTo(bytes("k"));
        assertThat(written.value())
                .isEqualTo(KafkaInvocationRecord.json(DiscardedBatches.of(record(17, "k", "v"))))
                .asString(StandardCharsets.UTF_8)
                .contains("\"recordInfo\":{\"offset\":\"17\"", "\"payload\":{", "\"value\":\"dg==\"");
    }

    @Test
    void keeps_the_headers_and_says_after_them_what_came_of_which_record() {
        ProducerRecord<byte[], byte[]> written =
                written(record(17, "k", "v", new Header("trace", bytes("4711")), new Header("none", null)));

        assertThat(headers(written))
                .containsExactly(
                        "trace=4711",
                        "none=null",
                        "shardmill.topic=orders-prod",
                        "shardmill.partition=3",
                        "shardmill.offset=17",
                        "shardmill.condition=RetryAttemptsExhausted",
                        "shardmill.approximateInvokeCount=3",
                        "shardmill.functionArn=arn:aws:lambda:us-east-1:000000000000:function:print",
                        "shardmill.mapping=printOrders");
    }

    @Test
    void of_a_record_that_was_given_up_before_the_last_header_is_the_newest() {
        ProducerRecord<byte[], byte[]> written =
                written(record(17, "k", "v", new Header("shardmill.topic", bytes("orders-before"))));

        assertThat(headers(written)).startsWith("shardmill.topic=orders-before", "shardmill.topic=orders-prod");
        assertThat(written.headers().lastHeader("shardmill.topic").value()).isEqualTo(bytes("orders-prod"));
    }

    @Test
    void a_key_that_is_none_or_empty_stays_so_and_a_tombstone_has_a_document() {
        assertThat(written(record(1, null, "v")).key()).isNull();
        assertThat(written(record(1, "", "v")).key()).isEmpty();
        assertThat(written(record(1, "k", null)).value())
                .asString(StandardCharsets.UTF_8)
                .contains("\"key\":\"aw==\"")
                .doesNotContain("\"value\"");
    }

    @Test
    void of_a_windows_final_invocation_there_is_no_record_to_name() {
        DiscardedBatch none = DiscardedBatches.of();
        ProducerRecord<byte[], byte[]> written = DiscardedRecord.of(none, "failed");

        assertThat(written.key()).isNull();
        assertThat(headers(written))
                .hasSize(4)
                .contains("shardmill.condition=RetryAttemptsExhausted", "shardmill.mapping=printOrders");
    }
}
