package io.shardmill.kafka;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.KafkaInvocationRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a topic gets for a record that was given up: the record's key, Lambda's document with the record in it as the value, and the
 * record's headers, with ours after them. A record without a key goes to any partition. Its time is that of the sending, so that a
 * topic keeps it as long as others.
 */
final class DiscardedRecord {

    private static final String PREFIX = "shardmill.";

    private DiscardedRecord() {}

    /** @param batch of one record, or of a window's final invocation, which has none */
    static ProducerRecord<byte[], byte[]> of(DiscardedBatch batch, String topic) {
        KafkaMetadata kafka = batch.records().isEmpty() ? null : batch.first().kafka();
        return new ProducerRecord<>(
                topic,
                null,
                null,
                kafka == null ? null : kafka.key(),
                KafkaInvocationRecord.json(batch),
                headers(batch, kafka));
    }

    private static List<Header> headers(DiscardedBatch batch, @Nullable KafkaMetadata kafka) {
        List<Header> headers = new ArrayList<>();
        if (kafka != null) {
            kafka.headers().forEach(header -> headers.add(new RecordHeader(header.name(), header.value())));
            headers.add(header("topic", kafka.topic()));
            headers.add(header("partition", Integer.toString(kafka.partition())));
            headers.add(header("offset", Long.toString(kafka.offset())));
        }
        headers.add(header("condition", batch.condition().wireName()));
        headers.add(header("approximateInvokeCount", Integer.toString(batch.invokeCount())));
        headers.add(header("functionArn", batch.origin().functionArn()));
        headers.add(header("mapping", batch.origin().mapping()));
        return headers;
    }

    private static Header header(String name, String text) {
        return new RecordHeader(PREFIX + name, text.getBytes(StandardCharsets.UTF_8));
    }
}
