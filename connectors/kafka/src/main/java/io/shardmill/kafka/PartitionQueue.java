package io.shardmill.kafka;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.KafkaMetadata.TimestampType;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** Records of a partition between the thread that polls them and the turns that read them. Not thread-safe. */
final class PartitionQueue {

    private final Shard shard;
    private final ArrayDeque<List<ConsumerRecord<byte[], byte[]>>> polled = new ArrayDeque<>();
    private int next;
    private int records;
    private long bytes;

    PartitionQueue(Shard shard) {
        this.shard = shard;
    }

    /** Adds all or, if it fails, nothing. */
    void add(List<ConsumerRecord<byte[], byte[]>> batch) {
        long size = batch.stream().mapToLong(PartitionQueue::size).sum();
        polled.add(batch);
        records += batch.size();
        bytes += size;
    }

    boolean isEmpty() {
        return records == 0;
    }

    int size() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    void clear() {
        polled.clear();
        next = 0;
        records = 0;
        bytes = 0;
    }

    /** Returns the next records: at least one, and about that many bytes at most. The queue must not be empty. */
    List<Record> take(int maxRecords, int maxBytes) {
        List<Record> taken = new ArrayList<>(Math.min(maxRecords, records));
        long size = 0;
        while (taken.size() < maxRecords && !polled.isEmpty()) {
            List<ConsumerRecord<byte[], byte[]>> batch = polled.element();
            ConsumerRecord<byte[], byte[]> record = batch.get(next);
            size += size(record);
            if (size > maxBytes && !taken.isEmpty()) {
                break;
            }
            taken.add(record(record));
            bytes -= size(record);
            records--;
            if (++next == batch.size()) {
                polled.remove();
                next = 0;
            }
        }
        return taken;
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        long size = (long) Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (org.apache.kafka.common.header.Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private Record record(ConsumerRecord<byte[], byte[]> record) {
        KafkaMetadata metadata = new KafkaMetadata(
                record.topic(),
                record.partition(),
                record.offset(),
                timestampType(record),
                record.key(),
                headers(record.headers()),
                record.value() == null);
        return Record.ofKafka(shard, metadata, record.value(), record.timestamp());
    }

    private static TimestampType timestampType(ConsumerRecord<byte[], byte[]> record) {
        return switch (record.timestampType()) {
            case CREATE_TIME -> TimestampType.CREATE_TIME;
            case LOG_APPEND_TIME -> TimestampType.LOG_APPEND_TIME;
            case NO_TIMESTAMP_TYPE -> TimestampType.NO_TIMESTAMP_TYPE;
        };
    }

    private static List<Header> headers(Headers headers) {
        org.apache.kafka.common.header.Header[] all = headers.toArray();
        if (all.length == 0) {
            return List.of();
        }
        Header[] converted = new Header[all.length];
        for (int index = 0; index < all.length; index++) {
            converted[index] = new Header(all[index].key(), all[index].value());
        }
        return List.of(converted);
    }
}
