package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionQueueTest {

    private final PartitionQueue queue = new PartitionQueue(new Shard("orders", "orders-prod-0"));

    /** Headers that there is no memory to read. */
    private static final class Full extends RecordHeaders {

        @Override
        public Iterator<Header> iterator() {
            throw new OutOfMemoryError("on purpose");
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, Headers headers) {
        byte[] value = Long.toString(offset).getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                "orders-prod",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                -1,
                value.length,
                null,
                value,
                headers,
                Optional.empty());
    }

    @Test
    void a_batch_that_can_not_be_added_leaves_nothing() {
        queue.add(List.of(record(1, new RecordHeaders())));
        List<ConsumerRecord<byte[], byte[]>> batch = List.of(record(2, new RecordHeaders()), record(3, new Full()));

        assertThatThrownBy(() -> queue.add(batch)).isInstanceOf(OutOfMemoryError.class);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.bytes()).isEqualTo(1);
        assertThat(queue.take(10, 100)).extracting(Record::text).containsExactly("1");
        assertThat(queue.isEmpty()).isTrue();
    }
}
